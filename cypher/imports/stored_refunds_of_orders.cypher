// Every refund that the graph has of these orders, but those that are only supposed; rows as in stored_partners.
// mode: read
// params: ids LIST<STRING>
// rows: packed
// returns: row STRING
UNWIND $ids AS id
MATCH (r:Refund)-[:REFUNDS]->(o:Order {id: id}) WHERE o.line IS NOT NULL AND r.supposed IS NULL
WITH DISTINCT r, id, '\u001f' AS x
RETURN r.id + x + id + x + toString(r.refunded_at) + x + toString(r.amount_minor) + x + toString(r.recorded_at) AS row
