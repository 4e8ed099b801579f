// Who earned most in a run; ties in the order of ids.
// mode: read
// params: run_id STRING, limit INTEGER
// rows: many
// returns: partner_id STRING, name STRING?, amount_minor INTEGER, currency STRING, lines INTEGER
MATCH (e:Earning)
WHERE e.run_id = $run_id AND e.partner_id >= ''
WITH e.partner_id AS partner_id, e.currency AS currency, sum(e.amount_minor) AS amount_minor, count(*) AS lines
ORDER BY amount_minor DESC, partner_id
LIMIT $limit
MATCH (p:Partner {id: partner_id})
RETURN partner_id, p.name AS name, amount_minor, currency, lines
ORDER BY amount_minor DESC, partner_id
