// What the graph has of these orders, every line of them; rows as in stored_partners.
// mode: read
// params: ids LIST<STRING>
// rows: packed
// returns: row STRING
UNWIND $ids AS id
MATCH (o:Order {id: id}) WHERE o.line IS NOT NULL
OPTIONAL MATCH (o)-[:CREDITED_TO]->(p:Partner)
OPTIONAL MATCH (o)-[:PLACED_BY]->(c:Customer)
WITH o, coalesce(p.id, '') AS partner_id, coalesce(c.id, '') AS customer_id, '\u001f' AS x
RETURN o.id + x + o.line + x + partner_id + x + customer_id
       + x + toString(o.placed_at) + x + coalesce(toString(o.paid_at), '')
       + x + toString(o.amount_minor) + x + o.currency
       + x + coalesce(toString(o.qv), '') + x + coalesce(toString(o.cv), '')
       + x + o.kind + x + coalesce(o.category, '') + x + toString(o.recorded_at) AS row
