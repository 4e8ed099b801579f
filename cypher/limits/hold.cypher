// Lines of one bonus whose payee fails its condition wait, a bucket of partners at a time: they are earnings no longer, but held
// lines of the period they were earned in, which the next `periods` look at.
// mode: write
// params: run_id STRING, bonus STRING, bucket INTEGER, conditions INTEGER, condition INTEGER, periods INTEGER, period STRING
// rows: one
// returns: lines INTEGER
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND NOT holds[i * $conditions + $condition] | ids[i]] AS k
  MATCH (p:Partner {seq: k})
  RETURN p.id AS partner_id
}
MATCH (e:Earning {run_id: $run_id, partner_id: partner_id})
WHERE e.bonus = $bonus
REMOVE e:Earning
SET e:HeldLine, e.bucket = $bucket, e.held_from = $period, e.left = $periods
RETURN count(*) AS lines
