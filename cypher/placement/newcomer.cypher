// A partner and its place in a placement tree, where it has one; who enrolled it, and the nearest above it who has a place.
// Where nobody above has one, `top` is the partner at the top of the sponsor tree.
// mode: read
// params: partner_id STRING, tree STRING
// rows: maybe
// returns: id STRING, sponsor_id STRING?, enroller_id STRING?, top_id STRING, placed BOOLEAN, parent_id STRING?, leg INTEGER?,
//   level INTEGER?, since DATETIME?, joined_at ANY
MATCH (p:Partner {id: $partner_id})
OPTIONAL MATCH (p)-[:SPONSORED_BY]->(s:Partner)
OPTIONAL MATCH (p)-[e:PLACED_UNDER {tree: $tree}]->()
CALL (p) {
  MATCH (p) (()-[:SPONSORED_BY]->()){1,} (a:Partner)
  WHERE EXISTS { (a)-[:PLACED_UNDER {tree: $tree}]->() }
  WITH a ORDER BY a.level DESC LIMIT 1
  RETURN collect(a.id) AS above
}
CALL (p) {
  MATCH (p) (()-[:SPONSORED_BY]->()){0,} (t:Partner)
  WHERE t.level = 0
  RETURN t.id AS top_id LIMIT 1
}
RETURN p.id AS id, s.id AS sponsor_id, head(above) AS enroller_id, top_id, e IS NOT NULL AS placed,
  nullIf(e.parent_id, '') AS parent_id, CASE WHEN e.parent_id <> '' THEN e.leg END AS leg, e.level AS level,
  e.recorded_at AS since, p.joined_at AS joined_at
