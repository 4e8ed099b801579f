// Add one partner below its sponsor, or as a root; the lock of network.intake is held, and its number is the next one.
// mode: write
// params: id STRING, sponsor_id STRING?, name STRING?, type STRING, status STRING, joined_at ANY, country STRING?
// rows: one
// returns: seq INTEGER
MATCH (c:Counter {name: 'partner'})
OPTIONAL MATCH (s:Partner {id: $sponsor_id})
WITH c, s, c.value AS seq
SET c.value = seq + 1
CREATE (p:Partner {id: $id, seq: seq, name: $name, type: $type, status: $status, joined_at: $joined_at, country: $country,
  level: coalesce(s.level + 1, 0), recorded_at: datetime.realtime()})
FOREACH (sponsor IN CASE WHEN s IS NULL THEN [] ELSE [s] END |
  CREATE (p)-[:SPONSORED_BY {partner_id: $id, from: $joined_at, recorded_at: p.recorded_at}]->(sponsor))
RETURN seq
