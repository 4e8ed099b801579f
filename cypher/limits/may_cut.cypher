// The buckets in which limits may cut lines of one bonus: where somebody's lines of it come to more than the least that one of them
// leaves anybody. `caps` are the limits, each with that `least`; `before` are all bonuses that one of them counts before this one.
// In a bucket that is told nobody need be cut; in one that is not, nobody is.
// mode: read
// params: run_id STRING, bonus STRING, caps LIST<MAP>, before LIST<STRING>
// rows: one
// returns: buckets LIST<INTEGER>
MATCH (e:Earning)
WHERE e.run_id = $run_id AND e.partner_id >= ''
WITH e.partner_id AS partner_id, max(CASE WHEN e.bonus = $bonus THEN e.earned_minor ELSE 0 END) AS line,
  sum(CASE WHEN e.bonus = $bonus AND e.earned_minor > 0 THEN e.earned_minor ELSE 0 END) AS earned,
  sum(CASE WHEN e.bonus IN $before AND e.amount_minor > 0 THEN e.amount_minor ELSE 0 END) AS paid
WHERE line > 0
  AND any(c IN $caps WHERE c.least < CASE c.cap WHEN 'line' THEN line WHEN 'partner_bonus' THEN earned ELSE earned + paid END)
MATCH (p:Partner {id: partner_id})
RETURN collect(DISTINCT p.seq / 16384) AS buckets
