// Lines that wait after a run for their payee to meet a condition; left 0 have waited in vain. What refunds left nothing
// of is no line.
// mode: read
// params: run_id STRING
// rows: packed
// returns: partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, held_from STRING, left INTEGER,
//   amount_minor INTEGER, currency STRING
MATCH (h:HeldLine)
WHERE h.run_id = $run_id AND h.partner_id >= '' AND h.amount_minor <> 0
WITH h ORDER BY h.partner_id, h.bonus, h.level, h.class, h.source_id, h.held_from
RETURN h.partner_id AS partner_id, h.bonus AS bonus, h.level AS level, h.class AS class, h.source_id AS source_id,
  h.held_from AS held_from, h.left AS left, h.amount_minor AS amount_minor, h.currency AS currency
