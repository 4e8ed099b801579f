// Write new refunds, tied to every line of their order; rows as in create_partners.
// mode: write
// params: rows STRING, numbers LIST<LIST<INTEGER>>, recorded_at DATETIME
// rows: one
// returns: written INTEGER
WITH split($rows, '\u001e') AS lines
UNWIND range(0, size(lines) - 1) AS i
WITH i, split(lines[i], '\u001f') AS r
CREATE (f:Refund {
  id: r[0], amount_minor: $numbers[0][i], recorded_at: $recorded_at,
  refunded_at: CASE WHEN size(r[2]) = 10 THEN date(r[2]) ELSE datetime(r[2] + 'Z') END
})
WITH f, r
MATCH (o:Order {id: r[1]}) WHERE o.line IS NOT NULL
CREATE (f)-[:REFUNDS]->(o)
RETURN count(DISTINCT f) AS written
