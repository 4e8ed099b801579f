// Throws away up to limit rungs of one tree of a run; asked again until none is left.
// mode: write
// params: run_id STRING, tree STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (g:Rungs {run_id: $run_id, tree: $tree})
WHERE g.level >= 0
WITH g LIMIT $limit
DELETE g
RETURN count(*) AS removed
