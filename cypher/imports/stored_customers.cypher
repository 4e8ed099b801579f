// What the graph has of these customers; rows as in stored_partners.
// mode: read
// params: ids LIST<STRING>
// rows: packed
// returns: row STRING
UNWIND $ids AS id
MATCH (c:Customer {id: id})
OPTIONAL MATCH (c)-[:REFERRED_BY]->(p:Partner)
WITH c, coalesce(p.id, '') AS partner_id, '\u001f' AS x
RETURN c.id + x + partner_id + x + coalesce(c.name, '') + x + toString(c.joined_at) + x + toString(c.recorded_at) AS row
