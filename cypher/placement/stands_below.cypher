// The level of a partner in a placement tree, if it stands below another there or is that other.
// mode: read
// params: partner_id STRING, above_id STRING, tree STRING
// rows: maybe
// returns: level INTEGER
MATCH (p:Partner {id: $partner_id})-[e:PLACED_UNDER {tree: $tree}]->()
MATCH (q:Partner {id: $above_id})-[f:PLACED_UNDER {tree: $tree}]->()
WHERE p = q OR EXISTS { (p) (()-[r:PLACED_UNDER WHERE r.tree = $tree AND r.level > f.level]->()){1,} (q) }
RETURN e.level AS level
