// Bring the credit and the buyer of changed order lines in line with their rows: partner where one is given, customer where the file
// has that column, else the partner credited. Rows as in create_orders_own.
// mode: write
// params: rows STRING, columns LIST<STRING>
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
MATCH (o:Order {id: r[0], line: r[1]})-[credit:CREDITED_TO]->(was:Partner)
OPTIONAL MATCH (o)-[buy:PLACED_BY]->(buyer)
OPTIONAL MATCH (given:Partner {id: r[2]})
OPTIONAL MATCH (customer:Customer {id: r[3]})
WITH o, credit, buy, was, buyer, coalesce(given, was) AS partner,
     CASE WHEN 'customer_id' IN $columns THEN customer WHEN buyer:Customer THEN buyer END AS customer
DELETE credit, buy
WITH o, partner, coalesce(customer, partner) AS placer
CREATE (o)-[:CREDITED_TO]->(partner)
CREATE (o)-[:PLACED_BY]->(placer)
RETURN count(o) AS written
