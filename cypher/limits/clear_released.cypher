// Throws away up to limit of what the release of one bonus left: earnings that come from an earlier period, and lines that wait
// on from one; asked again until none is left.
// mode: write
// params: run_id STRING, bonus STRING, period STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
CALL () {
  MATCH (e:Earning)
  WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus = $bonus AND e.source_id STARTS WITH 'held '
  RETURN e AS line
  UNION ALL
  MATCH (h:HeldLine)
  WHERE h.run_id = $run_id AND h.partner_id >= '' AND h.bonus = $bonus AND h.held_from <> $period
  RETURN h AS line
}
WITH line LIMIT $limit
DELETE line
RETURN count(*) AS removed
