// Tie owners to identifiers, and widen the span in which they were seen together. A row is owner type, owner id, kind, digest,
// first and last time seen; an order has a node a line, and each uses it.
// mode: write
// params: rows STRING
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
WITH r,
  CASE size(r[4]) WHEN 0 THEN null WHEN 10 THEN date(r[4]) ELSE datetime(r[4] + 'Z') END AS first,
  CASE size(r[5]) WHEN 0 THEN null WHEN 10 THEN date(r[5]) ELSE datetime(r[5] + 'Z') END AS last
MERGE (i:Identifier {kind: r[2], digest: r[3]})
WITH r, first, last, i
CALL (r) {
  WITH r WHERE r[0] = 'partner' MATCH (o:Partner {id: r[1]}) RETURN o
  UNION ALL
  WITH r WHERE r[0] = 'customer' MATCH (o:Customer {id: r[1]}) RETURN o
  UNION ALL
  WITH r WHERE r[0] = 'order' MATCH (o:Order {id: r[1]}) WHERE o.line IS NOT NULL RETURN o
}
MERGE (o)-[u:USES]->(i)
SET u.first_seen = CASE WHEN u.first_seen IS NULL OR toString(first) < toString(u.first_seen) THEN first ELSE u.first_seen END,
    u.last_seen = CASE WHEN u.last_seen IS NULL OR toString(last) > toString(u.last_seen) THEN last ELSE u.last_seen END
RETURN count(DISTINCT r) AS written
