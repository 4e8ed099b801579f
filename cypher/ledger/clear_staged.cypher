// Throws entries of a run away that never became part of the ledger. What has a sequence is never touched.
// mode: write
// params: run_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (e:LedgerEntry {run_id: $run_id})
WHERE e.sequence IS NULL
WITH e LIMIT $limit
DELETE e
RETURN count(*) AS removed
