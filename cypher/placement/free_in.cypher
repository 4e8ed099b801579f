// The first free place directly under these partners, in their order and from the left; where all of them are full, everybody who
// stands directly under them, in the same order: the next level down.
// mode: read
// params: ids LIST<STRING>, tree STRING, width INTEGER
// rows: one
// returns: parent_id STRING?, leg INTEGER?, below LIST<STRING>
UNWIND range(0, size($ids) - 1) AS place
MATCH (q:Partner {id: $ids[place]})
OPTIONAL MATCH (q)<-[e:PLACED_UNDER {tree: $tree}]-(:Partner)
WITH place, q, e ORDER BY place, e.leg
WITH place, q.id AS id, collect(e.leg) AS legs, collect(e.partner_id) AS below
WITH place, {id: id, below: below, leg: head([l IN range(1, CASE WHEN size(legs) < $width THEN size(legs) + 1 ELSE $width END)
  WHERE NOT l IN legs])} AS found
ORDER BY place
WITH collect(found) AS rows
WITH rows, head([r IN rows WHERE r.leg IS NOT NULL]) AS first
RETURN first.id AS parent_id, first.leg AS leg, CASE WHEN first IS NULL THEN coll.flatten([r IN rows | r.below]) ELSE [] END AS below
