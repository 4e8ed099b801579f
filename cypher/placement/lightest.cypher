// The first free leg of a partner from the left; where all are taken, the partner below it with the fewest of its own below,
// the leftmost on a tie.
// mode: read
// params: partner_id STRING, tree STRING, width INTEGER
// rows: one
// returns: leg INTEGER?, down_id STRING?
MATCH (q:Partner {id: $partner_id})
OPTIONAL MATCH (q)<-[e:PLACED_UNDER {tree: $tree}]-(:Partner)
WITH q, collect(e.leg) AS legs
WITH q, head([l IN range(1, $width) WHERE NOT l IN legs]) AS leg
CALL (q, leg) {
  MATCH (q)<-[e:PLACED_UNDER {tree: $tree}]-(c:Partner)
  WHERE leg IS NULL
  WITH e.leg AS place, c, COUNT { (c) (()<-[r:PLACED_UNDER WHERE r.tree = $tree]-()){1,} (:Partner) } AS below
  WITH c.id AS id ORDER BY below, place LIMIT 1
  RETURN collect(id) AS down
}
RETURN leg, head(down) AS down_id
