// Writes lines that wait since before the first period into an opening state, as if its run had left them.
// mode: write
// params: run_id STRING, currency STRING, rows LIST<MAP>
// rows: one
// returns: written INTEGER
UNWIND $rows AS row
MATCH (p:Partner {id: row.partner_id})
CREATE (:HeldLine {run_id: $run_id, partner_id: row.partner_id, bucket: p.seq / 16384, bonus: row.bonus, level: row.level,
  class: row.class, source_id: row.source_id, base: 0, base_minor: 0, rate_ppm: null, amount_minor: row.amount_minor,
  earned_minor: row.amount_minor, currency: $currency, held_from: row.held_from, left: row.left})
RETURN count(*) AS written
