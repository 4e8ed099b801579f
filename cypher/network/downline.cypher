// Every partner below a partner down to a level, nearest first and then by id, a page of them.
// The stored level is tested at each step, so what lies deeper is never walked.
// mode: read
// params: partner_id STRING, level_max INTEGER, after_level INTEGER, after_id STRING, count INTEGER
// rows: many
// returns: id STRING, sponsor_id STRING, level INTEGER, depth INTEGER, name STRING?, type STRING, status STRING
MATCH (p:Partner {id: $partner_id}) (()<-[:SPONSORED_BY]-(x WHERE x.level <= $level_max)){1,} (d)
WHERE d.level > $after_level OR (d.level = $after_level AND d.id > $after_id)
WITH p, d, d.level AS level, d.id AS id ORDER BY level, id LIMIT $count
MATCH (d)-[:SPONSORED_BY]->(sponsor:Partner)
RETURN id, sponsor.id AS sponsor_id, level, level - p.level AS depth, d.name AS name, d.type AS type, d.status AS status
ORDER BY level, id
