// What partners of some levels did with what arrived at places, given as seq * 1000 + state: the move, and whom it went on to.
// mode: read
// params: run_id STRING, bonus STRING, level_from INTEGER, level_to INTEGER, at LIST<INTEGER>
// rows: packed
// returns: level INTEGER, place INTEGER, move INTEGER, parent INTEGER
MATCH (f:Fold {run_id: $run_id, bonus: $bonus})
WHERE f.level >= $level_from AND f.level <= $level_to AND f.bucket IN [place IN $at | place / 16384000]
WITH f.level AS level, f.ids AS ids, f.states AS states, f.moves AS moves, f.parents AS parents
UNWIND [i IN range(0, size(ids) - 1) WHERE ids[i] * 1000 + states[i] IN $at] AS i
WITH level, ids[i] * 1000 + states[i] AS place, moves[i] AS move, parents[i] AS parent
RETURN level, place, move, parent
