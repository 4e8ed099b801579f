// The places that a partner has, by the name of the tree.
// mode: read
// params: partner_id STRING
// rows: many
// returns: tree STRING, parent_id STRING?, leg INTEGER?, level INTEGER, since DATETIME
MATCH (:Partner {id: $partner_id})-[e:PLACED_UNDER]->()
RETURN e.tree AS tree, nullIf(e.parent_id, '') AS parent_id, CASE WHEN e.parent_id <> '' THEN e.leg END AS leg, e.level AS level,
  e.recorded_at AS since
ORDER BY tree
