// The last partner of the chain that goes from a partner down one leg and always on by the same leg: its place there is free.
// mode: read
// params: partner_id STRING, tree STRING, leg INTEGER
// rows: one
// returns: parent_id STRING
MATCH (:Partner {id: $partner_id}) (()<-[e:PLACED_UNDER WHERE e.tree = $tree AND e.leg = $leg]-()){0,} (x:Partner)
WHERE NOT EXISTS { (x)<-[:PLACED_UNDER {tree: $tree, leg: $leg}]-(:Partner) }
RETURN x.id AS parent_id
