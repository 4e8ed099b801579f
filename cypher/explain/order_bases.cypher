// What everybody was paid for by a bonus that makes a line of every order, by class, pay code and order, from the chains.
// mode: read
// params: run_id STRING, bonus STRING, source STRING, starts LIST<INTEGER>, states INTEGER, level_from INTEGER, level_to INTEGER
// rows: packed
// returns: partner_id STRING, class INTEGER, pay INTEGER, source_id STRING, base INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (s:Source {run_id: $run_id, source: $source, level: d})
    WITH s.ids AS ids, s.classes AS classes, s.amounts AS amounts, s.order_ids AS order_ids, s.lines AS lines
    UNWIND range(0, size(ids) - 1) AS i
    UNWIND $starts AS start
    RETURN ids[i] AS k, classes[i] * $states + start AS state, [order_ids[i] + '/' + lines[i], classes[i], amounts[i]] AS sale,
      null AS payment
    UNION ALL
    MATCH (c:PayeeChain {run_id: $run_id, bonus: $bonus, level: d})
    WITH c.ids AS ids, c.states AS states, c.payees AS payees, c.pays AS pays
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, states[i] AS state, null AS sale, [payees[i], pays[i]] AS payment
  }
  WITH k, state, collect(sale) AS sales, collect(payment) AS payments
  UNWIND sales AS sale
  UNWIND payments AS payment
  RETURN payment[0] AS payee, sale[1] AS class, payment[1] AS pay, sale[0] AS source_id, sale[2] AS amount
}
WITH payee, class, pay, source_id, sum(amount) AS base
WHERE base <> 0
MATCH (p:Partner {seq: payee})
RETURN p.id AS partner_id, class, pay, source_id, base
