// How many partners a run counted, and how many were active.
// mode: read
// params: run_id STRING
// rows: one
// returns: members INTEGER, active INTEGER
// allows: CartesianProduct - one row beside one row
CALL () {
  MATCH (t:FrozenTree) WHERE t.run_id = $run_id AND t.level >= 0 AND t.tree = 'sponsor'
  RETURN coalesce(sum(size([m IN t.member WHERE m])), 0) AS members
}
CALL () {
  MATCH (s:Standing) WHERE s.run_id = $run_id AND s.level >= 0
  RETURN coalesce(sum(size([a IN s.active WHERE a])), 0) AS active
}
RETURN members, active
