// Throws away up to limit blocks of what the refunds of a run take from closed periods; asked again until none is left.
// mode: write
// params: run_id STRING, window INTEGER, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (v:FrozenVolume)
WHERE v.run_id = $run_id AND v.level = 0 AND v.window >= $window
WITH v LIMIT $limit
DELETE v
RETURN count(*) AS removed
