// Throws away up to limit of the funds and prizes of a run, of one bonus or of all; asked again until nothing is left.
// mode: write
// params: run_id STRING, bonus STRING?, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (n:Fund|Prize)
WHERE n.run_id = $run_id AND ($bonus IS NULL OR n.bonus = $bonus)
WITH n LIMIT $limit
DELETE n
RETURN count(*) AS removed
