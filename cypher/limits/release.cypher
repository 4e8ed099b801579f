// Held lines of earlier periods, a bucket of partners at a time: where the payee now meets the condition they become earnings of
// this period, with the period they come from as their source; the others wait on, or lapse when this was their last period. What
// refunds left nothing of is released as no line.
// mode: write
// params: run_id STRING, earlier STRING, bonus STRING, bucket INTEGER, conditions INTEGER, condition INTEGER
// rows: one
// returns: released INTEGER, waiting INTEGER
CALL () {
  MATCH (h:HeldLine {run_id: $earlier, bucket: $bucket})
  WHERE h.bonus = $bonus AND h.left > 0
  MATCH (p:Partner {id: h.partner_id})
  RETURN p.seq AS k, h, null AS met
  UNION ALL
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND holds[i * $conditions + $condition] | ids[i]] AS k
  RETURN k, null AS h, true AS met
}
WITH k, collect(h) AS held, coalesce(max(met), false) AS met
UNWIND held AS h
CALL (h, met) {
  WITH h, met WHERE met AND h.amount_minor <> 0
  CREATE (:Earning {run_id: $run_id, partner_id: h.partner_id, bonus: h.bonus, level: h.level, class: h.class,
    source_id: 'held ' + h.held_from + CASE h.source_id WHEN '' THEN '' ELSE ' ' + h.source_id END, base: h.base,
    base_minor: h.base_minor, rate_ppm: h.rate_ppm, amount_minor: h.amount_minor, earned_minor: h.amount_minor,
    currency: h.currency})
  RETURN 1 AS released
  UNION ALL
  WITH h, met WHERE NOT met
  CREATE (:HeldLine {run_id: $run_id, partner_id: h.partner_id, bucket: $bucket, bonus: h.bonus, level: h.level, class: h.class,
    source_id: h.source_id, base: h.base, base_minor: h.base_minor, rate_ppm: h.rate_ppm, amount_minor: h.amount_minor,
    earned_minor: h.earned_minor, currency: h.currency, held_from: h.held_from, left: h.left - 1})
  RETURN 0 AS released
}
RETURN coalesce(sum(released), 0) AS released, count(released) - coalesce(sum(released), 0) AS waiting
