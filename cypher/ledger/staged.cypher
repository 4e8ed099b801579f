// Entries of a run that wait for their place in the chain, in the order of their ids.
// mode: read
// params: run_id STRING
// rows: packed
// returns: id STRING, body STRING
MATCH (e:LedgerEntry {run_id: $run_id})
WHERE e.sequence IS NULL
WITH e.id AS id, e.body AS body ORDER BY id
RETURN id, body
