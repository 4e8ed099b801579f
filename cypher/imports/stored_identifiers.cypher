// For each owner and identifier: how many nodes the owner is (an order has a node a line), how many of them use the identifier,
// and since and until when. A row is [label, owner id, kind, digest]; it is answered by its place.
// mode: read
// params: keys LIST<LIST<STRING>>
// rows: packed
// returns: place INTEGER, owners INTEGER, uses INTEGER, first_seen STRING?, last_seen STRING?
UNWIND range(0, size($keys) - 1) AS place
WITH place, $keys[place] AS key
CALL (key) {
  WITH key WHERE key[0] = 'partner' MATCH (o:Partner {id: key[1]}) RETURN o
  UNION ALL
  WITH key WHERE key[0] = 'customer' MATCH (o:Customer {id: key[1]}) RETURN o
  UNION ALL
  WITH key WHERE key[0] = 'order' MATCH (o:Order {id: key[1]}) WHERE o.line IS NOT NULL RETURN o
}
OPTIONAL MATCH (o)-[u:USES]->(i:Identifier {kind: key[2], digest: key[3]})
WITH place, count(o) AS owners, count(u) AS uses, min(toString(u.first_seen)) AS first, max(toString(u.last_seen)) AS last
RETURN place, owners, uses, first AS first_seen, last AS last_seen
