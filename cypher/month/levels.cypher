// How many partners stand in each stratum of one of a run's frozen trees, deepest first, and whether it holds several levels; what
// a fold is cut into.
// mode: read
// params: run_id STRING, tree STRING
// rows: many
// returns: level INTEGER, partners INTEGER, shared BOOLEAN
MATCH (t:FrozenTree) WHERE t.run_id = $run_id AND t.level >= 0 AND t.tree = $tree
WITH t.level AS level, sum(size(t.ids)) AS partners
RETURN level, partners, EXISTS { (g:Rungs {run_id: $run_id, tree: $tree, level: level}) } AS shared
ORDER BY level DESC
