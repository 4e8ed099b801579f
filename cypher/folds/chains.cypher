// Who is paid, and by which code, for a unit that arrives at a partner in a state, from the top down: this partner, then whoever
// is paid for it in the states in which it goes on; a position for each payment. For bonuses that make a line of every order.
// mode: write
// params: run_id STRING, frozen STRING, tree STRING, bonus STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: payments INTEGER
UNWIND range($level_from, $level_to) AS d
CALL (d) {
  CALL (d) {
    CALL (d) {
      MATCH (c:PayeeChain {run_id: $run_id, bonus: $bonus, level: d - 1})
      WITH c.ids AS ids, c.states AS states, c.payees AS payees, c.pays AS pays
      UNWIND range(0, size(ids) - 1) AS i
      RETURN ids[i] AS parent, states[i] AS state, [payees[i], pays[i]] AS above, null AS arrival
      UNION ALL
      MATCH (f:Fold {run_id: $run_id, bonus: $bonus, level: d})
      WITH f.ids AS ids, f.parents AS parents, f.states AS states, f.moves AS moves
      UNWIND range(0, size(ids) - 1) AS i
      UNWIND [moves[i] / 1000 % 1000] + CASE WHEN moves[i] % 1000 > 0 THEN [-(moves[i] % 1000)] ELSE [] END AS onward
      RETURN parents[i] AS parent, abs(onward) AS state, null AS above,
        [ids[i], states[i], abs(onward), CASE WHEN onward < 0 THEN 0 ELSE moves[i] / 1000000 END] AS arrival
    }
    WITH parent, state, collect(above) AS above, collect(arrival) AS arrivals
    UNWIND arrivals AS arrival
    // what this partner is paid, then what is paid above it in another stratum
    RETURN arrival[0] AS k, [arrival[1], arrival[2],
      CASE WHEN arrival[3] > 0 THEN [[arrival[0], arrival[3]]] ELSE [] END + above] AS arrival, null AS seat
    UNION ALL
    MATCH (g:Rungs {run_id: $frozen, tree: $tree, level: d})
    WITH g.ids AS ids, g.rungs AS rungs, g.ups AS ups
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS arrival, [rungs[i], i, ups[i]] AS seat
  }
  WITH k, collect(arrival) AS arrivals, head(collect(seat)) AS seat
  ORDER BY coalesce(seat[1], k)
  WITH CASE WHEN seat IS NULL THEN k / 16384 ELSE -1 END AS part, coalesce(seat[0], 0) AS rung,
    collect([k, arrivals, coalesce(seat[2], -1)]) AS rows
  ORDER BY rung DESC
  WITH part, collect(rows) AS rungs
  // a row done: partner, and for each arrival its state with all who are paid for it
  WITH reduce(done = [[], []], rung IN rungs | head([level IN [[r IN rung | [r[0], [a IN r[1] | [a[0], a[2]
      + CASE WHEN r[2] < 0 THEN [] ELSE
        reduce(t = [], b IN done[0][r[2]][1] | CASE WHEN b[0] = a[1] THEN t + b[1] ELSE t END) END]]]]] |
    [level, done[1] + [level]]]))[1] AS levels
  UNWIND levels AS level
  UNWIND level AS row
  UNWIND row[1] AS arrival
  UNWIND arrival[1] AS payment
  WITH row[0] AS k, arrival[0] AS state, payment
  ORDER BY k, state, payment
  WITH k / 16384 AS bucket, collect(k) AS ids, collect(state) AS states, collect(payment[0]) AS payees, collect(payment[1]) AS pays
  CREATE (:PayeeChain {run_id: $run_id, bonus: $bonus, level: d, bucket: bucket, ids: ids, states: states, payees: payees,
    pays: pays})
  RETURN sum(size(ids)) AS chained
}
RETURN coalesce(sum(chained), 0) AS payments
