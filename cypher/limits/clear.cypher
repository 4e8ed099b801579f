// Throws away up to limit of a run's lines that wait or were cut to nothing, of one bonus or of all; asked again until none is
// left.
// mode: write
// params: run_id STRING, bonus STRING?, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (n:HeldLine|CappedLine)
WHERE n.run_id = $run_id AND n.partner_id >= '' AND ($bonus IS NULL OR n.bonus = $bonus)
WITH n LIMIT $limit
DELETE n
RETURN count(*) AS removed
