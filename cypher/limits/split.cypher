// Every partner's total on its balances, a bucket of partners at a time: the named parts ({balance, ppm}) rounded down to whole units
// of unit_minor, the rest on `main`. A total that is not above 0 stays on `main` whole.
// mode: write
// params: run_id STRING, bucket INTEGER, splits LIST<MAP>, unit_minor INTEGER, currency STRING
// rows: one
// returns: balances INTEGER
MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket}) WHERE t.tree = 'sponsor'
UNWIND t.partner_ids AS partner_id
MATCH (e:Earning {run_id: $run_id, partner_id: partner_id})
WITH partner_id, sum(e.amount_minor) AS total
WITH partner_id, total, [s IN $splits | {balance: s.balance, amount: CASE WHEN total <= 0 THEN 0 ELSE
  (((total / 1000000) * s.ppm + ((total % 1000000) * s.ppm) / 1000000) / $unit_minor) * $unit_minor END}] AS parts
WITH partner_id, [{balance: 'main', amount: total - reduce(t = 0, p IN parts | t + p.amount)}] + parts AS parts
UNWIND parts AS part
WITH partner_id, part WHERE part.amount <> 0
CREATE (:Balance {run_id: $run_id, partner_id: partner_id, balance: part.balance, amount_minor: part.amount, currency: $currency})
RETURN count(*) AS balances
