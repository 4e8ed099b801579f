// Who is paid, and by which code, for a unit that arrives at a partner in a state, from the top down: this partner, then whoever
// is paid for it in the states in which it goes on; a position for each payment. For bonuses that make a line of every order.
// mode: write
// params: run_id STRING, bonus STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: payments INTEGER
UNWIND range($level_from, $level_to) AS d
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
    UNWIND CASE WHEN moves[i] % 1000 > 0 THEN [moves[i] / 1000 % 1000, -(moves[i] % 1000)] ELSE [moves[i] / 1000 % 1000] END AS onward
    RETURN parents[i] AS parent, abs(onward) AS state, null AS above,
      [ids[i], states[i], CASE WHEN onward < 0 THEN 0 ELSE moves[i] / 1000000 END] AS arrival
  }
  WITH parent, state, collect(above) AS above, collect(arrival) AS arrivals
  UNWIND arrivals AS arrival
  UNWIND CASE WHEN arrival[2] > 0 THEN [[arrival[0], arrival[2]]] ELSE [] END + above AS payment
  WITH arrival[0] AS k, arrival[1] AS state, payment
  ORDER BY k, state, payment
  WITH k / 16384 AS bucket, collect(k) AS ids, collect(state) AS states, collect(payment[0]) AS payees, collect(payment[1]) AS pays
  CREATE (:PayeeChain {run_id: $run_id, bonus: $bonus, level: d, bucket: bucket, ids: ids, states: states, payees: payees,
    pays: pays})
  RETURN sum(size(ids)) AS chained
}
RETURN coalesce(sum(chained), 0) AS payments
