// In which of the enroller's legs of a placement tree the recruit stands who was placed last below the enroller.
// mode: read
// params: enroller_id STRING, tree STRING
// rows: maybe
// returns: leg INTEGER
MATCH (q:Partner {id: $enroller_id})<-[:SPONSORED_BY]-(r:Partner)-[e:PLACED_UNDER {tree: $tree}]->()
MATCH (r) (()-[u:PLACED_UNDER WHERE u.tree = $tree]->()){0,} (c:Partner)-[f:PLACED_UNDER {tree: $tree}]->(q)
RETURN f.leg AS leg
ORDER BY e.recorded_at DESC, r.seq DESC
LIMIT 1
