// The certificate of a fold: every arrival is what the partner itself brought in that state plus what its children's moves handed
// on. Where that is not so; must be nowhere.
// mode: read
// params: run_id STRING, bonus STRING, source STRING, starts LIST<INTEGER>, states INTEGER, level_from INTEGER, level_to INTEGER
// rows: one
// returns: compared INTEGER, differing INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (f:Fold {run_id: $run_id, bonus: $bonus, level: d})
    WITH f.ids AS ids, f.states AS states, f.volumes AS volumes
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, states[i] AS state, volumes[i] AS volume
    UNION ALL
    MATCH (s:Source {run_id: $run_id, source: $source, level: d})
    WITH s.ids AS ids, s.classes AS classes, s.amounts AS amounts
    UNWIND range(0, size(ids) - 1) AS i
    UNWIND $starts AS state
    RETURN ids[i] AS k, classes[i] * $states + state AS state, -amounts[i] AS volume
    UNION ALL
    MATCH (f:Fold {run_id: $run_id, bonus: $bonus, feeds: d})
    WITH f.parents AS parents, f.moves AS moves, f.volumes AS volumes
    UNWIND range(0, size(parents) - 1) AS i
    UNWIND [s IN [moves[i] / 1000 % 1000, moves[i] % 1000] WHERE s > 0] AS state
    RETURN parents[i] AS k, state, -volumes[i] AS volume
  }
  WITH k, state, sum(volume) AS difference
  RETURN count(*) AS seen, sum(CASE WHEN difference = 0 THEN 0 ELSE 1 END) AS wrong
}
RETURN coalesce(sum(seen), 0) AS compared, coalesce(sum(wrong), 0) AS differing
