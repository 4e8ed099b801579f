// What each order takes from each closed line of a bonus: the sources of the run `source` beside the chains of who is paid for what
// arrives, as in earnings/write_orders. Where the bonus makes a line of every order, that line alone, with what the order brought
// to it in the closed run itself (`was`: the sources `closed_source` of the run `frozen`). Orders counted there in window `spanned`; what
// follows the parts of lines of the bonuses `of` in the runs `homes` stands where the first of these does.
// mode: write
// params: run_id STRING, frozen STRING, month STRING, bonus STRING, walk STRING, source STRING, closed_source STRING,
//   starts LIST<INTEGER>, states INTEGER, per_order BOOLEAN, spanned INTEGER, of LIST<STRING>, homes LIST<STRING>
// rows: one
// returns: parts INTEGER
CALL () {
  CALL () {
    MATCH (s:Source {run_id: $run_id, source: $source})
    WHERE s.level >= 0
    WITH s.ids AS ids, s.classes AS classes, s.amounts AS amounts, s.order_ids AS order_ids, s.lines AS lines
    UNWIND range(0, size(ids) - 1) AS i
    UNWIND $starts AS start
    RETURN ids[i] AS k, classes[i] * $states + start AS state, null AS payment,
      {name: order_ids[i], line: lines[i], class: classes[i], delta: amounts[i], was: 0} AS sale
    UNION ALL
    MATCH (s:Source {run_id: $frozen, source: $closed_source})
    WHERE $per_order AND s.level >= 0
    WITH s.ids AS ids, s.classes AS classes, s.amounts AS amounts, s.order_ids AS order_ids, s.lines AS lines
    UNWIND range(0, size(ids) - 1) AS i
    UNWIND $starts AS start
    RETURN ids[i] AS k, classes[i] * $states + start AS state, null AS payment,
      {name: 'reversal ' + order_ids[i], line: lines[i], class: classes[i], delta: 0, was: amounts[i]} AS sale
    UNION ALL
    MATCH (c:PayeeChain {run_id: $run_id, bonus: $walk})
    WHERE c.level >= 0
    WITH c.ids AS ids, c.states AS states, c.payees AS payees, c.pays AS pays
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, states[i] AS state, {payee: payees[i], pay: pays[i]} AS payment, null AS sale
  }
  WITH k, state, collect(sale) AS sales, collect(payment) AS payments
  UNWIND sales AS sale
  UNWIND payments AS payment
  WITH payment.payee AS payee, payment.pay AS pay, sale.class AS class, sale.name AS name, CASE WHEN $per_order
    THEN substring(sale.name, size(split(sale.name, ' ')[0]) + 1) + '/' + sale.line ELSE '' END AS source_id,
    sum(sale.delta) AS delta, sum(sale.was) AS was
  WHERE delta <> 0
  RETURN name, [payee, pay, class, source_id, delta, was] AS part, null AS at
  UNION ALL
  MATCH (d:Due {run_id: $run_id})
  WHERE $of = [] AND d.frozen = $frozen AND d.window = $spanned
  RETURN d.name AS name, null AS part, d.counted_at AS at
  UNION ALL
  MATCH (a:Adjustment {run_id: $run_id})
  WHERE $of <> [] AND a.bonus IN $of AND a.home IN $homes AND a.before_minor <> a.after_minor
  RETURN a.name AS name, null AS part, a.counted_at AS at
}
WITH name, collect(part) AS parts, min(at) AS counted_at
UNWIND parts AS part
MATCH (p:Partner {seq: part[0]})
CREATE (:Adjustment {run_id: $run_id, frozen: $frozen, home: $frozen, month: $month, bonus: $bonus, partner_id: p.id, seq: part[0],
  class: part[2], pay: part[1], name: name, source_id: part[3], counted_at: counted_at, delta: part[4], was: part[5]})
RETURN count(*) AS parts
