// What corrections have posted on each line of a closed period.
// mode: read
// params: plan STRING, month STRING
// rows: packed
// returns: partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, amount_minor INTEGER
MATCH (c:Correction {plan: $plan, month: $month})
WHERE c.state = 'posted'
MATCH (l:CorrectionLine {correction_id: c.id})
WHERE l.number >= 0
WITH l.partner_id AS partner_id, l.bonus AS bonus, l.level AS level, l.class AS class, l.source_id AS source_id,
  sum(l.difference_minor) AS amount_minor
RETURN partner_id, bonus, level, class, source_id, amount_minor
