// Throws away up to limit of what a run took back from closed lines, with the lines that it made of it; asked again until none is
// left.
// mode: write
// params: run_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
CALL () {
  MATCH (a:Adjustment {run_id: $run_id})
  RETURN a AS line
  UNION ALL
  MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.adjusts IS NOT NULL
  RETURN e AS line
}
WITH line LIMIT $limit
DELETE line
RETURN count(*) AS removed
