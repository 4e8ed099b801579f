// Make partners roots of a placement tree; a row is a partner's id. A root's leg is its number among all partners, from 1, so it
// is its own.
// mode: write
// params: rows STRING, tree STRING, recorded_at DATETIME
// rows: one
// returns: written INTEGER
MERGE (t:PlacementTree {name: $tree})
WITH t
UNWIND split($rows, '\u001e') AS id
MATCH (p:Partner {id: id})
CREATE (p)-[e:PLACED_UNDER {tree: $tree, partner_id: id, parent_id: '', leg: p.seq + 1, level: 0, from: p.joined_at,
  recorded_at: $recorded_at}]->(t)
RETURN count(e) AS written
