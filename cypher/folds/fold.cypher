// What arrives at each partner in each state, one wide level after the other from the deepest up: what the partner itself brings,
// in each state of `starts`, and what its children's moves handed on. A move is pay * 1000000 + to * 1000 + also: by which code the partner is
// paid, and in which states a unit goes on to the parent (0: none). With several source classes a state is class * states + state.
// Nothing is rounded here. Arrivals of 0 are dropped, unless each order makes a line of its own (keep): orders may cancel out.
// mode: write
// params: run_id STRING, bonus STRING, source STRING, starts LIST<INTEGER>, states INTEGER, keep BOOLEAN, level_from INTEGER,
//   level_to INTEGER
// rows: one
// returns: arrivals INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (m:Moves {run_id: $run_id, bonus: $bonus, level: d})
    WITH m.moves AS moves, m.ids AS ids, m.parents AS parents
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, 0 AS state, 0 AS volume, [parents[i], moves] AS who
    UNION ALL
    MATCH (s:Source {run_id: $run_id, source: $source, level: d})
    WITH s.ids AS ids, s.classes AS classes, s.amounts AS amounts
    UNWIND range(0, size(ids) - 1) AS i
    UNWIND $starts AS state
    RETURN ids[i] AS k, classes[i] * $states + state AS state, amounts[i] AS volume, null AS who
    UNION ALL
    MATCH (f:Fold {run_id: $run_id, bonus: $bonus, feeds: d})
    WITH f.parents AS parents, f.moves AS moves, f.volumes AS volumes
    UNWIND range(0, size(parents) - 1) AS i
    WITH parents[i] AS k, moves[i] AS move, volumes[i] AS volume
    UNWIND CASE WHEN move % 1000 > 0 THEN [move / 1000 % 1000, move % 1000] ELSE [move / 1000 % 1000] END AS state
    WITH k, state, volume WHERE state > 0
    RETURN k, state, volume, null AS who
  }
  WITH k, state, sum(volume) AS volume, head(collect(who)) AS who
  WITH k, head(collect(who)) AS who, collect(CASE WHEN state > 0 AND (volume <> 0 OR $keep) THEN [state, volume] END) AS pairs
  WHERE size(pairs) > 0
  ORDER BY k
  UNWIND coll.sort(pairs) AS pair
  WITH k, who[0] AS parent, pair[0] AS state, who[1][pair[0] - 1] AS move, pair[1] AS volume
  WITH k / 16384 AS bucket, collect(k) AS ids, collect(parent) AS parents, collect(state) AS states, collect(move) AS moves,
    collect(volume) AS volumes
  CREATE (:Fold {run_id: $run_id, bonus: $bonus, level: d, feeds: d - 1, bucket: bucket, ids: ids, parents: parents, states: states,
    moves: moves, volumes: volumes})
  RETURN sum(size(ids)) AS arrived
}
RETURN coalesce(sum(arrived), 0) AS arrivals
