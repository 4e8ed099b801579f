// One hold.
// mode: read
// params: id STRING
// rows: maybe
// returns: id STRING, run_id STRING, partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING,
//   amount_minor INTEGER, currency STRING, available_on DATE?, state STRING, reason STRING, public_reason STRING, actor STRING,
//   placed_at DATETIME, released_at DATETIME?, released_by STRING?
MATCH (h:Hold {id: $id})
RETURN h.id AS id, h.run_id AS run_id, h.partner_id AS partner_id, h.bonus AS bonus, h.level AS level, h.class AS class,
  h.source_id AS source_id, h.amount_minor AS amount_minor, h.currency AS currency, h.available_on AS available_on,
  h.state AS state, h.reason AS reason, h.public_reason AS public_reason, h.actor AS actor, h.placed_at AS placed_at,
  h.released_at AS released_at, h.released_by AS released_by
