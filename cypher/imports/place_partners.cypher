// Place partners under others in a placement tree; a row is partner and parent, its numbers are level and leg. Whether the parents
// stand where the levels say is check_places' question: a parent may come with the same rows.
// mode: write
// params: rows STRING, numbers LIST<LIST<INTEGER>>, tree STRING, recorded_at DATETIME
// rows: one
// returns: written INTEGER
// allows: CartesianProduct - one partner and one parent, each sought by its unique id
WITH split($rows, '\u001e') AS lines
UNWIND range(0, size(lines) - 1) AS i
WITH i, split(lines[i], '\u001f') AS r
MATCH (p:Partner {id: r[0]})
MATCH (above:Partner {id: r[1]})
CREATE (p)-[e:PLACED_UNDER {tree: $tree, partner_id: r[0], parent_id: r[1], leg: $numbers[1][i], level: $numbers[0][i],
  from: p.joined_at, recorded_at: $recorded_at}]->(above)
RETURN count(e) AS written
