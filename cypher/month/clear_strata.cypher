// Throws away which stratum each level of a run's trees is.
// mode: write
// params: run_id STRING
// rows: one
// returns: removed INTEGER
MATCH (x:Strata) WHERE x.run_id = $run_id AND x.tree >= ''
DELETE x
RETURN count(*) AS removed
