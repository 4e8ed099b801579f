// Who stands directly under a partner in a placement tree, from the left, and how many stand in each leg.
// mode: read
// params: partner_id STRING, tree STRING
// rows: many
// returns: leg INTEGER, partner_id STRING, partners INTEGER
MATCH (:Partner {id: $partner_id})<-[e:PLACED_UNDER {tree: $tree}]-(c:Partner)
RETURN e.leg AS leg, c.id AS partner_id,
  COUNT { (c) (()<-[r:PLACED_UNDER WHERE r.tree = $tree]-()){0,} (:Partner) } AS partners
ORDER BY leg
