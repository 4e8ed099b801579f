// Throws away up to limit blocks of a run's count of recruits by leg; asked again until none is left.
// mode: write
// params: run_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (b:Visit|Enrolled|Recruits)
WHERE b.run_id = $run_id AND b.bucket >= 0
WITH b LIMIT $limit
DELETE b
RETURN count(*) AS removed
