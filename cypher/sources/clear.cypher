// Throws away up to limit blocks of a run's source set, or of all its source sets; asked again until none is left.
// mode: write
// params: run_id STRING, source STRING?, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (b:Source)
WHERE b.run_id = $run_id AND b.source >= '' AND b.level >= 0 AND ($source IS NULL OR b.source = $source)
WITH b LIMIT $limit
DELETE b
RETURN count(*) AS removed
