// What the graph has of these partners. A row travels as one text with U+001F between its cells: a tenth of the values on the wire.
// mode: read
// params: ids LIST<STRING>
// rows: packed
// returns: row STRING
UNWIND $ids AS id
MATCH (p:Partner {id: id})
OPTIONAL MATCH (p)-[:SPONSORED_BY]->(s:Partner)
WITH p, coalesce(s.id, '') AS sponsor_id, '\u001f' AS x
RETURN p.id + x + sponsor_id + x + coalesce(p.name, '') + x + p.type + x + p.status + x + toString(p.joined_at)
       + x + coalesce(p.country, '') + x + toString(p.recorded_at) + x + toString(p.level) AS row
