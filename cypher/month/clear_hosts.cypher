// Throws away up to limit blocks of who gives its volume to whom; asked again until none is left.
// mode: write
// params: run_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (h:Host)
WHERE h.run_id = $run_id AND h.level >= 0
WITH h LIMIT $limit
DELETE h
RETURN count(*) AS removed
