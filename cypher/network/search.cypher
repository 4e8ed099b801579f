// Partners whose id starts with a text, or in whose id and name each of some words starts a word, by id, a page of them.
// The full-text index finds candidates by pieces of words; the words themselves decide, as in network.search_below.
// mode: read
// params: prefix STRING, pieces STRING, words LIST<STRING>, after_id STRING, count INTEGER
// rows: many
// returns: id STRING, sponsor_id STRING?, level INTEGER, name STRING?, type STRING, status STRING
CALL () {
  MATCH (p:Partner)
  WHERE p.id STARTS WITH $prefix AND p.id > $after_id
  RETURN p ORDER BY p.id LIMIT $count
  UNION
  CALL db.index.fulltext.queryNodes('partner_text', $pieces) YIELD node AS p
  WHERE p.id > $after_id AND all(word IN $words WHERE any(edge IN [' ', '-'] WHERE
    ' ' + toLower(p.id + ' ' + coalesce(p.name, '')) CONTAINS edge + word))
  RETURN p ORDER BY p.id LIMIT $count
}
WITH p ORDER BY p.id LIMIT $count
OPTIONAL MATCH (p)-[:SPONSORED_BY]->(sponsor:Partner)
RETURN p.id AS id, sponsor.id AS sponsor_id, p.level AS level, p.name AS name, p.type AS type, p.status AS status
ORDER BY id
