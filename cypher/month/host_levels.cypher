// How many partners stand at each level of the tree that the transfer of volumes makes.
// mode: read
// params: run_id STRING
// rows: many
// returns: level INTEGER, partners INTEGER
MATCH (h:Host) WHERE h.run_id = $run_id AND h.level >= 0
UNWIND h.host_levels AS level
RETURN level, count(*) AS partners
