// As network.search, among one partner and everybody below it; walks only what that partner may see, so neither the answer
// nor the time it takes tells anything about others.
// mode: read
// params: scope_id STRING, prefix STRING, words LIST<STRING>, after_id STRING, count INTEGER
// rows: many
// returns: id STRING, sponsor_id STRING?, level INTEGER, name STRING?, type STRING, status STRING
MATCH (s:Partner {id: $scope_id}) (()<-[:SPONSORED_BY]-()){0,} (p)
WHERE p.id > $after_id AND (p.id STARTS WITH $prefix
  OR all(word IN $words WHERE any(edge IN [' ', '-'] WHERE
    ' ' + toLower(p.id + ' ' + coalesce(p.name, '')) CONTAINS edge + word)))
WITH p ORDER BY p.id LIMIT $count
OPTIONAL MATCH (p)-[:SPONSORED_BY]->(sponsor:Partner)
RETURN p.id AS id, CASE WHEN p.id = $scope_id THEN null ELSE sponsor.id END AS sponsor_id, p.level AS level, p.name AS name,
  p.type AS type, p.status AS status
ORDER BY id
