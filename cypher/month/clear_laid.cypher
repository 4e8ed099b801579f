// Throws away up to limit blocks of volumes and counts that a run laid by the levels of another tree; asked again until none is left.
// mode: write
// params: run_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (b:FrozenVolume|FrozenCount|FrozenEvent)
WHERE b.run_id = $run_id AND b.level >= 0 AND b.window >= 0
WITH b LIMIT $limit
DELETE b
RETURN count(*) AS removed
