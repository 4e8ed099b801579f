// Partners whose id starts with a text, or whose name or id has words that do, in the order of their ids, a page of them.
// mode: read
// params: prefix STRING, words STRING, after_id STRING, count INTEGER
// rows: many
// returns: id STRING, sponsor_id STRING?, level INTEGER, name STRING?, type STRING, status STRING
CALL () {
  MATCH (p:Partner)
  WHERE p.id STARTS WITH $prefix AND p.id > $after_id
  RETURN p ORDER BY p.id LIMIT $count
  UNION
  CALL db.index.fulltext.queryNodes('partner_text', $words) YIELD node AS p
  WHERE p.id > $after_id
  RETURN p ORDER BY p.id LIMIT $count
}
WITH p ORDER BY p.id LIMIT $count
OPTIONAL MATCH (p)-[:SPONSORED_BY]->(sponsor:Partner)
RETURN p.id AS id, sponsor.id AS sponsor_id, p.level AS level, p.name AS name, p.type AS type, p.status AS status
ORDER BY id
