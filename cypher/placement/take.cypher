// Put a partner into a free place of a placement tree; the lock of intake is held. The place is free by the constraint on tree,
// parent and leg: whoever finds it taken meets that. No row where the parent has no place any more.
// mode: write
// params: partner_id STRING, parent_id STRING, leg INTEGER, tree STRING, recorded_at DATETIME
// rows: maybe
// returns: level INTEGER
// allows: CartesianProduct - one partner and one parent, each sought by its unique id
MATCH (p:Partner {id: $partner_id})
MATCH (q:Partner {id: $parent_id})-[above:PLACED_UNDER {tree: $tree}]->()
WITH p, q, above.level + 1 AS level
CREATE (p)-[:PLACED_UNDER {tree: $tree, partner_id: p.id, parent_id: q.id, leg: $leg, level: level, from: $recorded_at,
  recorded_at: $recorded_at}]->(q)
RETURN level
