// Change stored customers, only the named columns; rows as in create_customers.
// mode: write
// params: rows STRING, columns LIST<STRING>
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
MATCH (c:Customer {id: r[0]})
SET c.name = CASE WHEN 'name' IN $columns THEN nullIf(r[2], '') ELSE c.name END,
    c.joined_at = CASE WHEN NOT 'joined_at' IN $columns THEN c.joined_at
                       WHEN size(r[3]) = 10 THEN date(r[3]) ELSE datetime(r[3] + 'Z') END
WITH c, r
OPTIONAL MATCH (c)-[e:REFERRED_BY]->(old:Partner)
OPTIONAL MATCH (p:Partner {id: r[1]})
WITH c, e, p, coalesce('partner_id' IN $columns AND p <> old, false) AS is_moved
FOREACH (x IN CASE WHEN is_moved THEN [1] ELSE [] END | DELETE e CREATE (c)-[:REFERRED_BY]->(p))
RETURN count(DISTINCT c) AS written
