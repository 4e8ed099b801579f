// Throws away up to limit balances of a run; asked again until none is left.
// mode: write
// params: run_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (b:Balance)
WHERE b.run_id = $run_id AND b.partner_id >= ''
WITH b LIMIT $limit
DELETE b
RETURN count(*) AS removed
