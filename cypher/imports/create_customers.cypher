// Write new customers with the partner who referred them; rows as in create_partners.
// mode: write
// params: rows STRING, recorded_at DATETIME
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
MATCH (p:Partner {id: r[1]})
CREATE (c:Customer {
  id: r[0], name: nullIf(r[2], ''), recorded_at: $recorded_at,
  joined_at: CASE WHEN size(r[3]) = 10 THEN date(r[3]) ELSE datetime(r[3] + 'Z') END
})-[:REFERRED_BY]->(p)
RETURN count(c) AS written
