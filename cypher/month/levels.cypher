// How many partners stand at each level of the frozen tree, deepest first; what the fold is cut into.
// mode: read
// params: run_id STRING
// rows: many
// returns: level INTEGER, partners INTEGER
MATCH (t:FrozenTree) WHERE t.run_id = $run_id AND t.level >= 0
RETURN t.level AS level, sum(size(t.ids)) AS partners
ORDER BY level DESC
