// Holds of one partner, newest first; those that were released too.
// mode: read
// params: partner_id STRING
// rows: many
// returns: id STRING, run_id STRING, month STRING, plan STRING, partner_id STRING, bonus STRING, level INTEGER, class STRING,
//   source_id STRING, amount_minor INTEGER, currency STRING, available_on DATE?, state STRING, reason STRING,
//   public_reason STRING,
//   actor STRING, placed_at DATETIME, released_at DATETIME?, released_by STRING?
MATCH (h:Hold {partner_id: $partner_id})
WHERE h.state >= ''
MATCH (r:Run {id: h.run_id})
RETURN h.id AS id, h.run_id AS run_id, r.month AS month, r.plan AS plan, h.partner_id AS partner_id, h.bonus AS bonus,
  h.level AS level, h.class AS class, h.source_id AS source_id, h.amount_minor AS amount_minor, h.currency AS currency,
  h.available_on AS available_on, h.state AS state, h.reason AS reason, h.public_reason AS public_reason, h.actor AS actor,
  h.placed_at AS placed_at, h.released_at AS released_at, h.released_by AS released_by
ORDER BY placed_at DESC, id
