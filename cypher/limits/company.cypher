// A limit of the company, a bucket of partners at a time: every line of the named bonuses times limit / paid, rounded down to whole
// units of unit_minor. `digits` are the powers of 100 from the highest: the limit enters the product two digits at a time.
// mode: write
// params: run_id STRING, bucket INTEGER, bonuses LIST<STRING>, limit INTEGER, paid_minor INTEGER, limit_minor INTEGER,
//   digits LIST<INTEGER>, unit_minor INTEGER
// rows: one
// returns: cut INTEGER
MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket}) WHERE t.tree = 'sponsor'
UNWIND t.partner_ids AS partner_id
CALL (partner_id) {
  MATCH (e:Earning {run_id: $run_id, partner_id: partner_id}) WHERE e.bonus IN $bonuses
  RETURN e
  UNION ALL
  MATCH (e:CappedLine {run_id: $run_id, partner_id: partner_id}) WHERE e.bonus IN $bonuses AND e.cuts[-2] = $limit
  RETURN e
}
WITH e, CASE WHEN e.cuts[-2] = $limit THEN e.cuts[-1] ELSE e.amount_minor END AS before,
  CASE WHEN e.cuts[-2] = $limit THEN e.cuts[..-2] ELSE coalesce(e.cuts, []) END AS cuts
WITH e, before, cuts, reduce(t = [0, 0], x IN $digits |
  [t[0] * 100 + (t[1] * 100 + abs(before) * (($limit_minor / x) % 100)) / $paid_minor,
    (t[1] * 100 + abs(before) * (($limit_minor / x) % 100)) % $paid_minor])[0] AS share
WITH e, before, cuts, sign(before) * (share / $unit_minor) * $unit_minor AS amount
SET e.amount_minor = amount, e.cuts = CASE WHEN amount <> before THEN cuts + [$limit, before] WHEN cuts = [] THEN null ELSE cuts END
WITH e, amount <> before AS crossed, amount = 0 AS nothing
FOREACH (_ IN CASE WHEN nothing THEN [1] ELSE [] END | REMOVE e:Earning SET e:CappedLine)
FOREACH (_ IN CASE WHEN nothing THEN [] ELSE [1] END | REMOVE e:CappedLine SET e:Earning)
RETURN coalesce(sum(CASE WHEN crossed THEN 1 ELSE 0 END), 0) AS cut
