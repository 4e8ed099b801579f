// Throws away up to limit blocks of one frozen placement tree of a run, and its rungs; asked again until none is left.
// mode: write
// params: run_id STRING, tree STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (t:FrozenTree|Rungs)
WHERE t.run_id = $run_id AND t.tree = $tree AND t.level >= -1
WITH t LIMIT $limit
DELETE t
RETURN count(*) AS removed
