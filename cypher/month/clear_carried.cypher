// Throws away up to limit blocks of what a run left for the next period, of one part or of all; asked again until none is left.
// mode: write
// params: run_id STRING, part STRING?, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (c:Carried)
WHERE c.run_id = $run_id AND c.part >= '' AND c.bucket >= 0 AND ($part IS NULL OR c.part = $part)
WITH c LIMIT $limit
DELETE c
RETURN count(*) AS removed
