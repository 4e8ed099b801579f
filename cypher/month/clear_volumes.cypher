// Throws away up to limit blocks of a run's frozen volumes; asked again until none is left.
// mode: write
// params: run_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (b:FrozenVolume)
WHERE b.run_id = $run_id AND b.level >= -1
WITH b LIMIT $limit
DELETE b
RETURN count(*) AS removed
