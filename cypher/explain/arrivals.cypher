// What arrived at one partner of a bonus, in which state, and what its move did with it.
// mode: read
// params: run_id STRING, bonus STRING, level INTEGER, seq INTEGER
// rows: many
// returns: state INTEGER, move INTEGER, volume INTEGER
MATCH (f:Fold {run_id: $run_id, bonus: $bonus, level: $level})
WHERE f.bucket = $seq / 16384
WITH f.ids AS ids, f.states AS states, f.moves AS moves, f.volumes AS volumes
UNWIND [i IN range(0, size(ids) - 1) WHERE ids[i] = $seq] AS i
RETURN states[i] AS state, moves[i] AS move, volumes[i] AS volume
ORDER BY state
