// What the named bonuses paid when a limit of the company looked at them: `since` are that limit and those that ran later, so a
// line that any of them cut counts with what it was before.
// mode: read
// params: run_id STRING, bonuses LIST<STRING>, since LIST<INTEGER>
// rows: one
// returns: paid_minor INTEGER
CALL () {
  MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus IN $bonuses AND e.adjusts IS NULL
  RETURN e
  UNION ALL
  MATCH (e:CappedLine) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus IN $bonuses
  RETURN e
}
WITH e.cuts AS cuts, e
WITH coalesce(head([j IN range(0, coalesce(size(cuts), 0) - 2, 2) WHERE cuts[j] IN $since | cuts[j + 1]]),
  CASE WHEN e:CappedLine THEN 0 ELSE e.amount_minor END) AS amount
RETURN coalesce(sum(amount), 0) AS paid_minor
