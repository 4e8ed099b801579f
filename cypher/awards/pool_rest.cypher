// What the shares of a pool left: it stays with the company, goes to the next fund, or joins the share of the first by order. Of a
// fund below 0 it is the whole fund, which stays with the company.
// Begun again, it gives the same.
// mode: write
// params: run_id STRING, bonus STRING, rest STRING, places LIST<INTEGER>, currency STRING
// rows: one
// returns: rest_minor INTEGER
CALL () {
  MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus = $bonus
  RETURN coalesce(sum(e.amount_minor), 0) AS shared
}
MATCH (f:Fund {run_id: $run_id, bonus: $bonus})
WITH f, f.fund_minor - shared AS rest
SET f.rest_minor = CASE WHEN $rest = 'first' AND f.first >= 0 AND f.fund_minor > 0 AND rest > 0 THEN 0 ELSE rest END
WITH f, rest
CALL (f, rest) {
  WITH f, rest WHERE $rest = 'first' AND f.first >= 0 AND f.fund_minor > 0 AND rest > 0
  MATCH (p:Partner {seq: f.first})
  MERGE (e:Earning {run_id: $run_id, partner_id: p.id, bonus: $bonus, level: 1, class: '', source_id: ''})
    ON CREATE SET e.base = CASE WHEN $places = [] THEN 0 ELSE $places[0] END, e.base_minor = f.fund_minor, e.amount_minor = 0,
      e.currency = $currency
  SET e.earned_minor = e.amount_minor + rest, e.amount_minor = e.amount_minor + rest
  RETURN count(*) AS given
}
RETURN f.rest_minor AS rest_minor
