// Take partners from their places in a placement tree; a row is a partner's id.
// mode: write
// params: rows STRING, tree STRING
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS id
MATCH (p:Partner {id: id})-[e:PLACED_UNDER {tree: $tree}]->()
DELETE e
RETURN count(e) AS written
