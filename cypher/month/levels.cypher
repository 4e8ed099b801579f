// How many partners stand at each level of one of a run's frozen trees, deepest first; what a fold is cut into.
// mode: read
// params: run_id STRING, tree STRING
// rows: many
// returns: level INTEGER, partners INTEGER
MATCH (t:FrozenTree) WHERE t.run_id = $run_id AND t.level >= 0 AND t.tree = $tree
RETURN t.level AS level, sum(size(t.ids)) AS partners
ORDER BY level DESC
