// What the graph has of these events; rows as in stored_partners.
// mode: read
// params: ids LIST<STRING>
// rows: packed
// returns: row STRING
UNWIND $ids AS id
MATCH (e:Event {id: id})
OPTIONAL MATCH (e)-[:EVENT_OF]->(p:Partner)
WITH e, coalesce(p.id, '') AS partner_id, '\u001f' AS x
RETURN e.id + x + partner_id + x + e.kind + x + toString(e.happened_at) + x + toString(e.accepted)
       + x + toString(e.recorded_at) AS row
