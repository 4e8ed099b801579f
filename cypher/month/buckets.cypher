// How many partners of one of a run's frozen trees stand in each bucket.
// mode: read
// params: run_id STRING, tree STRING
// rows: many
// returns: bucket INTEGER, partners INTEGER
MATCH (t:FrozenTree)
WHERE t.run_id = $run_id AND t.bucket >= 0 AND t.tree = $tree
RETURN t.bucket AS bucket, sum(size(t.ids)) AS partners
ORDER BY bucket
