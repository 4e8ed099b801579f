// Which stratum each level of one of a run's trees is: fixed once, before the tree is frozen, and read by all that freezes by it.
// mode: write
// params: run_id STRING, tree STRING, strata LIST<INTEGER>
// rows: one
// returns: levels INTEGER
CALL () {
  MATCH (x:Strata {run_id: $run_id, tree: $tree})
  DELETE x
}
CREATE (:Strata {run_id: $run_id, tree: $tree, strata: $strata})
RETURN size($strata) AS levels
