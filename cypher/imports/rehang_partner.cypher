// Take a partner from under its sponsor and hang it under another, or under nobody; no row where the new sponsor is gone or stands below it.
// mode: write
// params: partner_id STRING, sponsor_id STRING?, recorded_at DATETIME
// rows: maybe
// returns: change INTEGER
MATCH (p:Partner {id: $partner_id})
OPTIONAL MATCH (p)-[old:SPONSORED_BY]->(:Partner)
DELETE old
WITH DISTINCT p
OPTIONAL MATCH (s:Partner {id: $sponsor_id})
CALL (p, s) {
  OPTIONAL MATCH (s)-[:SPONSORED_BY*0..]->(a:Partner)
  WITH DISTINCT p, a
  RETURN p.id IN collect(a.id) AS is_cycle
}
WITH p, s WHERE NOT is_cycle AND (s IS NOT NULL OR $sponsor_id IS NULL)
FOREACH (sponsor IN CASE WHEN s IS NULL THEN [] ELSE [s] END |
  CREATE (p)-[:SPONSORED_BY {partner_id: p.id, from: p.joined_at, recorded_at: $recorded_at}]->(sponsor)
)
RETURN coalesce(s.level + 1, 0) - p.level AS change
