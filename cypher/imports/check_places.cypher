// How many of these partners stand exactly one level below their parent in a placement tree; a row is partner and parent.
// mode: read
// params: rows STRING, tree STRING
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
MATCH (p:Partner {id: r[0]})-[e:PLACED_UNDER {tree: $tree}]->(above:Partner {id: r[1]})
MATCH (above)-[f:PLACED_UNDER {tree: $tree}]->()
WHERE f.level + 1 = e.level
RETURN count(e) AS written
