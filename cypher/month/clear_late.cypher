// Throws away up to limit marks of what a run took late; asked again until none is left.
// mode: write
// params: run_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (l:Late {run_id: $run_id})
WITH l LIMIT $limit
DELETE l
RETURN count(*) AS removed
