// Lines of one bonus of a closed run (`frozen`, of period `month`) that still wait, as the parts that a run takes leave them: of each
// line what the last part leaves. One that there was none of waits from now on, for the `left` periods that remain; what nothing is
// left of waits as a line of 0. pays tell the rate_ppm that lines show, by pay code.
// mode: write
// params: run_id STRING, frozen STRING, month STRING, bonus STRING, classes LIST<STRING>, pays LIST<MAP>, left INTEGER,
//   currency STRING
// rows: one
// returns: lines INTEGER
MATCH (a:Adjustment {run_id: $run_id})
WHERE a.frozen = $frozen AND a.bonus = $bonus AND a.home = 'waits'
WITH a ORDER BY a.counted_at, a.name
WITH a.partner_id AS partner_id, a.seq AS k, a.level AS level, $classes[a.class] AS class, a.source_id AS source_id, collect(a)[-1] AS last
MERGE (h:HeldLine {run_id: $run_id, partner_id: partner_id, bonus: $bonus, level: level, class: class, source_id: source_id,
  held_from: $month})
ON CREATE SET h.bucket = k / 16384, h.left = $left, h.earned_minor = 0
SET h.base = last.base_after, h.base_minor = last.base_after_minor, h.rate_ppm = $pays[last.pay - 1].rate_ppm,
  h.amount_minor = last.after_minor, h.currency = $currency
RETURN count(*) AS lines
