// One partner, if it exists and the caller may see it; the one place that decides both, so that neither looks like the other.
// A caller with a scope sees that partner and everybody below it, and not who stands above. The walk goes up and stops at
// the level of the scope: linear in the depth between the two.
// mode: read
// params: partner_id STRING, scope_id STRING?
// rows: maybe
// returns: id STRING, sponsor_id STRING?, name STRING?, type STRING, status STRING, joined_at ANY, country STRING?,
//   level INTEGER, frontline INTEGER
MATCH (p:Partner {id: $partner_id})
WHERE $scope_id IS NULL OR p.id = $scope_id OR EXISTS {
  MATCH (s:Partner {id: $scope_id})
  MATCH ANY SHORTEST (p) (()-[:SPONSORED_BY]->(x WHERE x.level >= s.level)){1,} (s)
}
OPTIONAL MATCH (p)-[:SPONSORED_BY]->(sponsor:Partner)
RETURN p.id AS id, CASE WHEN p.id = $scope_id THEN null ELSE sponsor.id END AS sponsor_id, p.name AS name, p.type AS type,
  p.status AS status, p.joined_at AS joined_at, p.country AS country, p.level AS level,
  COUNT { (p)<-[:SPONSORED_BY]-() } AS frontline
