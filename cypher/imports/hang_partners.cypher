// Hang new partners under their sponsors, each exactly one level below; whoever's sponsor is gone or stands elsewhere is not counted.
// mode: write
// params: rows STRING, recorded_at DATETIME
// rows: one
// returns: written INTEGER
// allows: CartesianProduct - one partner and one sponsor, each sought by its unique id
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
MATCH (p:Partner {id: r[0]})
MATCH (s:Partner {id: r[1]})
WHERE s.level + 1 = p.level
CREATE (p)-[e:SPONSORED_BY {partner_id: r[0], from: p.joined_at, recorded_at: $recorded_at}]->(s)
RETURN count(e) AS written
