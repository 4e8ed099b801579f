// What folds/fold finds, for strata that hold several levels: what enters a stratum is summed by partner and state once, and climbs
// from rung to rung in one expression. A row is what enters, the places of its children on the rung below, which of its states
// lead to each state (where from), who it is. An arrival that nothing adds to is null, so that orders that cancel out can be kept.
// mode: write
// params: run_id STRING, frozen STRING, tree STRING, bonus STRING, source STRING, starts LIST<INTEGER>, states INTEGER, keep BOOLEAN,
//   level_from INTEGER, level_to INTEGER
// rows: one
// returns: arrivals INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (m:Moves {run_id: $run_id, bonus: $bonus, level: d})
    WITH m.moves AS moves, m.ids AS ids, m.parents AS parents
    WITH moves, ids, parents, [j IN range(1, size(moves)) | [i IN range(0, size(moves) - 1) WHERE moves[i] / 1000 % 1000 = j]
      + [i IN range(0, size(moves) - 1) WHERE moves[i] % 1000 = j]] AS leading
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, 0 AS state, 0 AS volume, [parents[i], moves, leading] AS who, null AS seat
    UNION ALL
    MATCH (g:Rungs {run_id: $frozen, tree: $tree, level: d})
    WITH g.ids AS ids, g.rungs AS rungs, g.ups AS ups, g.kids_at AS at, g.kids AS kids
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, 0 AS state, 0 AS volume, null AS who,
      [rungs[i], i, ups[i], CASE WHEN at[i] = at[i + 1] THEN [] ELSE [c IN range(at[i], at[i + 1] - 1) | kids[c]] END] AS seat
    UNION ALL
    MATCH (s:Source {run_id: $run_id, source: $source, level: d})
    WITH s.ids AS ids, s.classes AS classes, s.amounts AS amounts
    UNWIND range(0, size(ids) - 1) AS i
    UNWIND $starts AS state
    RETURN ids[i] AS k, classes[i] * $states + state AS state, amounts[i] AS volume, null AS who, null AS seat
    UNION ALL
    MATCH (f:Fold {run_id: $run_id, bonus: $bonus, feeds: d})
    WITH f.parents AS parents, f.moves AS moves, f.volumes AS volumes
    UNWIND range(0, size(parents) - 1) AS i
    WITH parents[i] AS k, moves[i] AS move, volumes[i] AS volume
    UNWIND CASE WHEN move % 1000 > 0 THEN [move / 1000 % 1000, move % 1000] ELSE [move / 1000 % 1000] END AS state
    WITH k, state, volume WHERE state > 0
    RETURN k, state, volume, null AS who, null AS seat
  }
  WITH k, state, sum(volume) AS volume, head(collect(who)) AS who, head(collect(seat)) AS seat
  WITH k, head(collect(who)) AS who, head(collect(seat)) AS seat, collect(CASE WHEN state > 0 THEN [state, volume] END) AS given
  WHERE seat IS NOT NULL
  WITH k, who, seat, [s IN range(1, size(who[1])) | head([g IN given WHERE g[0] = s | g[1]])] AS entering
  ORDER BY seat[1]
  WITH seat[0] AS rung, collect([entering, seat[3], who[2], k, who[0], who[1], seat[2]]) AS rows
  ORDER BY rung
  WITH collect(rows) AS rungs
  WITH rungs, reduce(done = [[], []], rung IN rungs | head([level IN [[r IN rung |
      [[j IN range(0, size(r[0]) - 1) | reduce(t = r[0][j], c IN r[1] |
        reduce(u = t, i IN done[0][c][1][j] | coalesce(u + done[0][c][0][i], u, done[0][c][0][i])))], r[2]]]] |
    [level, done[1] + [level]]]))[1] AS arrived
  UNWIND range(0, size(rungs) - 1) AS n
  WITH rungs[n] AS rung, arrived[n] AS level
  UNWIND range(0, size(rung) - 1) AS i
  WITH rung[i] AS row, level[i][0] AS volumes
  UNWIND [s IN range(0, size(volumes) - 1) WHERE volumes[s] <> 0 OR $keep AND volumes[s] = 0] AS s
  WITH row[3] AS k, row[4] AS parent, row[6] >= 0 AS inside, s + 1 AS state, row[5][s] AS move, volumes[s] AS volume
  ORDER BY k, state
  WITH k / 16384 AS bucket, inside, collect(k) AS ids, collect(parent) AS parents, collect(state) AS states, collect(move) AS moves,
    collect(volume) AS volumes
  CREATE (:Fold {run_id: $run_id, bonus: $bonus, level: d, feeds: CASE WHEN inside THEN d ELSE d - 1 END, bucket: bucket, ids: ids,
    parents: parents, states: states, moves: moves, volumes: volumes})
  RETURN sum(size(ids)) AS arrived
}
RETURN coalesce(sum(arrived), 0) AS arrivals
