// The recruit of an enroller who was placed last below the enroller in a placement tree, and in which of the enroller's legs.
// mode: read
// params: enroller_id STRING, tree STRING
// rows: maybe
// returns: partner_id STRING, leg INTEGER
MATCH (q:Partner {id: $enroller_id})<-[:SPONSORED_BY]-(r:Partner)-[e:PLACED_UNDER {tree: $tree}]->()
MATCH (r) (()-[u:PLACED_UNDER WHERE u.tree = $tree]->()){0,} (c:Partner)-[f:PLACED_UNDER {tree: $tree}]->(q)
RETURN r.id AS partner_id, f.leg AS leg
ORDER BY e.recorded_at DESC, r.seq DESC
LIMIT 1
