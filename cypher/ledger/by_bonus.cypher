// What each bonus of a run pays in all, and of how many lines.
// mode: read
// params: run_id STRING
// rows: many
// returns: bonus STRING, amount_minor INTEGER, lines INTEGER
MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= ''
WITH e.bonus AS bonus, sum(e.amount_minor) AS amount_minor, count(*) AS lines
RETURN bonus, amount_minor, lines
ORDER BY bonus
