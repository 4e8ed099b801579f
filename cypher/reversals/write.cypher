// The lines that the parts of one bonus's closed lines make: what each line stands at without the order's part (or with it, where the
// order is posted late), less what it stood at, after limits. Lines that wait make none.
// mode: write
// params: run_id STRING, frozen STRING, month STRING, bonus STRING, classes LIST<STRING>, currency STRING
// rows: one
// returns: lines INTEGER
MATCH (a:Adjustment {run_id: $run_id})
WHERE a.frozen = $frozen AND a.bonus = $bonus AND a.home <> 'waits' AND a.before_minor <> a.after_minor
WITH a, a.after_minor - a.before_minor AS amount
CREATE (:Earning {run_id: $run_id, partner_id: a.partner_id, bonus: $bonus, level: a.level, class: $classes[a.class],
  source_id: CASE a.source_id WHEN '' THEN a.name ELSE split(a.name, ' ')[0] + ' ' + a.source_id END + ' ' + $month, adjusts: a.home,
  base: a.delta, base_minor: a.base_minor, amount_minor: amount, earned_minor: amount, currency: $currency})
RETURN count(*) AS lines
