// Everybody above these partners, the partners included, with their sponsors: who hangs where before an update re-hangs some.
// mode: read
// params: ids LIST<STRING>
// rows: packed
// returns: partner_id STRING, sponsor_id STRING?, level INTEGER
UNWIND $ids AS id
MATCH (p:Partner {id: id})-[:SPONSORED_BY*0..]->(a:Partner)
WITH DISTINCT a
OPTIONAL MATCH (a)-[:SPONSORED_BY]->(s:Partner)
RETURN a.id AS partner_id, s.id AS sponsor_id, a.level AS level
