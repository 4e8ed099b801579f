// Arrivals of some levels that handed on, beside the arrivals that they were handed to: places are seq * 1000 + state. With `at`,
// only what was handed to these places, `parents` being the partners of them. Children stand one level further down than their
// parents, or at the same.
// mode: read
// params: run_id STRING, bonus STRING, level_from INTEGER, level_to INTEGER, parents LIST<INTEGER>?, at LIST<INTEGER>?
// rows: packed
// returns: level INTEGER, places LIST<INTEGER>, moves LIST<INTEGER>, onto LIST<INTEGER>
MATCH (f:Fold {run_id: $run_id, bonus: $bonus})
WHERE f.level >= $level_from AND f.level <= $level_to
WITH f.level AS level, f.ids AS ids, f.parents AS parents, f.states AS states, f.moves AS moves
UNWIND CASE WHEN $parents IS NULL THEN range(0, size(ids) - 1)
  ELSE [i IN range(0, size(ids) - 1) WHERE parents[i] IN $parents] END AS i
UNWIND [s IN [moves[i] / 1000 % 1000, moves[i] % 1000] WHERE s > 0 AND ($at IS NULL OR parents[i] * 1000 + s IN $at)] AS onward
WITH level, collect(ids[i] * 1000 + states[i]) AS places, collect(moves[i]) AS moves, collect(parents[i] * 1000 + onward) AS onto
RETURN level, places, moves, onto
