// Throws away up to limit blocks of frontlines and teams of a run, of one bonus or of all; asked again until none is left.
// mode: write
// params: run_id STRING, bonus STRING?, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (n:Frontline|TeamMembers)
WHERE n.run_id = $run_id AND n.bonus >= '' AND n.bucket >= 0 AND ($bonus IS NULL OR n.bonus = $bonus)
WITH n LIMIT $limit
DELETE n
RETURN count(*) AS removed
