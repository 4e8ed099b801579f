// Throws away up to limit blocks of one frozen placement tree of a run; asked again until none is left.
// mode: write
// params: run_id STRING, tree STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (t:FrozenTree {run_id: $run_id, tree: $tree})
WHERE t.level >= 0
WITH t LIMIT $limit
DELETE t
RETURN count(*) AS removed
