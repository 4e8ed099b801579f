// What a run pays, by bonus and step, and on what.
// mode: read
// params: run_id STRING
// rows: many
// returns: bonus STRING, level INTEGER, lines INTEGER, base_minor INTEGER, amount_minor INTEGER
MATCH (e:Earning)
WHERE e.run_id = $run_id AND e.partner_id >= ''
RETURN e.bonus AS bonus, e.level AS level, count(*) AS lines, sum(e.base_minor) AS base_minor, sum(e.amount_minor) AS amount_minor
ORDER BY bonus, level
