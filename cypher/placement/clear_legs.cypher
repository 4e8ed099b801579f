// Throws away up to limit blocks of leg volumes of a run, of one bonus or of all; asked again until none is left.
// mode: write
// params: run_id STRING, bonus STRING?, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (b:Legs)
WHERE b.run_id = $run_id AND b.bonus >= '' AND b.bucket >= 0 AND ($bonus IS NULL OR b.bonus = $bonus)
WITH b LIMIT $limit
DELETE b
RETURN count(*) AS removed
