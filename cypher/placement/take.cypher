// Put a partner into a free place of a placement tree; the lock of intake is held. The place is free by the constraint on tree,
// parent and leg: whoever finds it taken meets that. With last_id the enroller's last placed recruit must still be the one that
// was looked at, because who comes next depends on it; no row where it is not, or where the parent has no place any more.
// mode: write
// params: partner_id STRING, parent_id STRING, leg INTEGER, tree STRING, enroller_id STRING, last_id STRING?,
//   recorded_at DATETIME
// rows: maybe
// returns: level INTEGER
// allows: CartesianProduct - one partner and one parent, each sought by its unique id
MATCH (p:Partner {id: $partner_id})
MATCH (q:Partner {id: $parent_id})-[above:PLACED_UNDER {tree: $tree}]->()
WHERE $last_id IS NULL OR NOT EXISTS {
  MATCH (:Partner {id: $enroller_id})<-[:SPONSORED_BY]-(r:Partner)-[later:PLACED_UNDER {tree: $tree}]->()
  MATCH (last:Partner {id: $last_id})-[e:PLACED_UNDER {tree: $tree}]->()
  WHERE later.recorded_at > e.recorded_at
}
WITH p, q, above.level + 1 AS level
CREATE (p)-[:PLACED_UNDER {tree: $tree, partner_id: p.id, parent_id: q.id, leg: $leg, level: level, from: $recorded_at,
  recorded_at: $recorded_at}]->(q)
RETURN level
