// What the graph has of these refunds; rows as in stored_partners.
// mode: read
// params: ids LIST<STRING>
// rows: packed
// returns: row STRING
UNWIND $ids AS id
MATCH (r:Refund {id: id})
OPTIONAL MATCH (r)-[:REFUNDS]->(o:Order)
WITH r, coalesce(min(o.id), '') AS order_id, '\u001f' AS x
RETURN r.id + x + order_id + x + toString(r.refunded_at) + x + toString(r.amount_minor) + x + toString(r.recorded_at) AS row
