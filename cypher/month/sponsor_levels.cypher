// How many partners that a run knows of stand at each level of the sponsor tree.
// mode: read
// params: known_at DATETIME
// rows: many
// returns: level INTEGER, partners INTEGER
MATCH (p:Partner) WHERE p.seq >= 0 AND p.recorded_at <= $known_at
RETURN p.level AS level, count(*) AS partners
