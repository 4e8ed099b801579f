// The partners that a partner sponsors directly, in the order of their ids, a page of them.
// mode: read
// params: partner_id STRING, after_id STRING, count INTEGER
// rows: many
// returns: id STRING, sponsor_id STRING, level INTEGER, depth INTEGER, name STRING?, type STRING, status STRING,
//   frontline INTEGER
MATCH (p:Partner {id: $partner_id})
CALL (p) {
  MATCH (p)<-[:SPONSORED_BY]-(c:Partner) WHERE c.id > $after_id
  RETURN c
}
WITH p, c ORDER BY c.id LIMIT $count
RETURN c.id AS id, p.id AS sponsor_id, c.level AS level, 1 AS depth, c.name AS name, c.type AS type, c.status AS status,
  COUNT { (c)<-[:SPONSORED_BY]-() } AS frontline
ORDER BY id
