// Throws away up to limit of the order lines that a run takes something of; asked again until none is left.
// mode: write
// params: run_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (d:Due {run_id: $run_id})
WITH d LIMIT $limit
DELETE d
RETURN count(*) AS removed
