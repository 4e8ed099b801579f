// How many partners that a run knows of stand at each level of a placement tree.
// mode: read
// params: tree STRING, known_at DATETIME
// rows: many
// returns: level INTEGER, partners INTEGER
MATCH (p:Partner) WHERE p.seq >= 0 AND p.recorded_at <= $known_at
MATCH (p)-[e:PLACED_UNDER {tree: $tree}]->()
WHERE e.recorded_at <= $known_at
RETURN e.level AS level, count(*) AS partners
