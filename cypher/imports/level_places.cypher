// Set the levels of everybody below these partners in a placement tree from their own; rows as in check_places, highest first.
// mode: write
// params: rows STRING, tree STRING
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
MATCH (p:Partner {id: r[0]})-[e:PLACED_UNDER {tree: $tree}]->()
CALL (p, e) {
  MATCH (p) ((above)<-[s:PLACED_UNDER WHERE s.tree = $tree]-(below)){1,} (d:Partner)
  WITH e, s, size(s) AS depth
  WITH last(s) AS edge, e.level + depth AS level
  SET edge.level = level
}
RETURN count(*) AS written
