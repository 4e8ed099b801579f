// The sponsors above a partner, nearest first, a page of them; a caller with a scope sees no higher than that.
// mode: read
// params: partner_id STRING, scope_id STRING?, below_level INTEGER?, count INTEGER
// rows: many
// returns: id STRING, sponsor_id STRING?, level INTEGER, depth INTEGER, name STRING?, type STRING, status STRING
MATCH (p:Partner {id: $partner_id})
OPTIONAL MATCH (s:Partner {id: $scope_id})
WITH p, coalesce(s.level, 0) AS top, coalesce($below_level, p.level) AS below
WITH p, below, CASE WHEN below - $count > top THEN below - $count ELSE top END AS floor
MATCH (p) (()-[:SPONSORED_BY]->(x WHERE x.level >= floor)){1,} (a)
WHERE a.level < below
WITH p, a ORDER BY a.level DESC LIMIT $count
OPTIONAL MATCH (a)-[:SPONSORED_BY]->(sponsor:Partner)
RETURN a.id AS id, CASE WHEN a.id = $scope_id THEN null ELSE sponsor.id END AS sponsor_id, a.level AS level,
  p.level - a.level AS depth, a.name AS name, a.type AS type, a.status AS status
ORDER BY level DESC
