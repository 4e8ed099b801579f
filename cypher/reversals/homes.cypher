// In which runs the lines of one bonus of a closed run (`frozen`) stand of which a run takes parts.
// mode: read
// params: run_id STRING, frozen STRING, bonus STRING
// rows: many
// returns: home STRING
MATCH (a:Adjustment {run_id: $run_id})
WHERE a.frozen = $frozen AND a.bonus = $bonus
RETURN DISTINCT a.home AS home
ORDER BY home
