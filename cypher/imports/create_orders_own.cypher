// Write new order lines that partners placed themselves; rows as in create_partners.
// mode: write
// params: rows STRING, numbers LIST<LIST<INTEGER>>, recorded_at DATETIME
// rows: one
// returns: written INTEGER
WITH split($rows, '\u001e') AS lines
UNWIND range(0, size(lines) - 1) AS i
WITH i, split(lines[i], '\u001f') AS r
MATCH (p:Partner {id: r[2]})
CREATE (o:Order {
  id: r[0], line: r[1], recorded_at: $recorded_at,
  placed_at: CASE WHEN size(r[4]) = 10 THEN date(r[4]) ELSE datetime(r[4] + 'Z') END,
  paid_at: CASE size(r[5]) WHEN 0 THEN null WHEN 10 THEN date(r[5]) ELSE datetime(r[5] + 'Z') END,
  amount_minor: $numbers[0][i], currency: r[6], qv: $numbers[1][i], cv: $numbers[2][i],
  kind: r[7], category: nullIf(r[8], '')
})-[:CREDITED_TO]->(p)
CREATE (o)-[:PLACED_BY]->(p)
RETURN count(o) AS written
