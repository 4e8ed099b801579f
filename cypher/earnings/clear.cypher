// Throws away up to limit lines of a run that was not posted, of one bonus or of all; asked again until none is left.
// mode: write
// params: run_id STRING, bonus STRING?, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (e:Earning)
WHERE e.run_id = $run_id AND e.partner_id >= '' AND ($bonus IS NULL OR e.bonus = $bonus)
WITH e LIMIT $limit
DELETE e
RETURN count(*) AS removed
