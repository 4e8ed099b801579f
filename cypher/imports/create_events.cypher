// Write new events of partners; rows as in create_partners.
// mode: write
// params: rows STRING, recorded_at DATETIME
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
MATCH (p:Partner {id: r[1]})
CREATE (e:Event {
  id: r[0], kind: r[2], accepted: r[4] = 'true', recorded_at: $recorded_at,
  happened_at: CASE WHEN size(r[3]) = 10 THEN date(r[3]) ELSE datetime(r[3] + 'Z') END
})-[:EVENT_OF]->(p)
RETURN count(e) AS written
