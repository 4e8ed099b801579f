// Everybody above these partners in a placement tree, the partners included, with their parents: who stands where before an update
// moves some.
// mode: read
// params: ids LIST<STRING>, tree STRING
// rows: packed
// returns: partner_id STRING, parent_id STRING?
UNWIND $ids AS id
MATCH (p:Partner {id: id})
MATCH (p) (()-[r:PLACED_UNDER WHERE r.tree = $tree]->(:Partner)){0,} (a:Partner)
WITH DISTINCT a
OPTIONAL MATCH (a)-[e:PLACED_UNDER {tree: $tree}]->(above:Partner)
RETURN a.id AS partner_id, above.id AS parent_id
