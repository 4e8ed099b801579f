// Which stratum each level of one of a run's trees is, by level.
// mode: read
// params: run_id STRING, tree STRING
// rows: maybe
// returns: strata LIST<INTEGER>
MATCH (x:Strata {run_id: $run_id, tree: $tree})
RETURN x.strata AS strata
