// Throws away up to limit blocks of the arrivals of a run's bonus, or of all its bonuses; asked again until none is left.
// mode: write
// params: run_id STRING, bonus STRING?, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (b:Fold)
WHERE b.run_id = $run_id AND b.bonus >= '' AND b.level >= 0 AND ($bonus IS NULL OR b.bonus = $bonus)
WITH b LIMIT $limit
DELETE b
RETURN count(*) AS removed
