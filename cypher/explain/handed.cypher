// Which arrivals one level further down handed on what arrived at some places, given as seq * 1000 + state.
// mode: read
// params: run_id STRING, bonus STRING, level INTEGER, at LIST<INTEGER>
// rows: packed
// returns: seq INTEGER, state INTEGER, move INTEGER, onto INTEGER
MATCH (f:Fold {run_id: $run_id, bonus: $bonus, level: $level})
WITH f.ids AS ids, f.parents AS parents, f.states AS states, f.moves AS moves
UNWIND range(0, size(ids) - 1) AS i
UNWIND [s IN [moves[i] / 1000 % 1000, moves[i] % 1000] WHERE s > 0 AND parents[i] * 1000 + s IN $at] AS onward
RETURN ids[i] AS seq, states[i] AS state, moves[i] AS move, parents[i] * 1000 + onward AS onto
