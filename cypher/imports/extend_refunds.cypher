// A refund is of every line of its order: tie the refunds of these orders to lines that came after them.
// mode: write
// params: order_ids LIST<STRING>
// rows: one
// returns: written INTEGER
UNWIND $order_ids AS id
MATCH (r:Refund)-[:REFUNDS]->(l:Order {id: id}) WHERE l.line IS NOT NULL AND r.supposed IS NULL
WITH DISTINCT r, id
MATCH (o:Order {id: id}) WHERE o.line IS NOT NULL
MERGE (r)-[e:REFUNDS]->(o)
RETURN count(e) AS written
