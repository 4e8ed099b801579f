// Who stands under somebody in a frozen placement tree that does not stand one level above in it: must be nobody.
// mode: read
// params: run_id STRING, tree STRING
// rows: one
// returns: strangers INTEGER
CALL () {
  MATCH (t:FrozenTree {run_id: $run_id, tree: $tree})
  WHERE t.level >= 0
  WITH t.ids AS ids, t.level AS level
  UNWIND ids AS k
  RETURN k, level, true AS known
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, tree: $tree})
  WHERE t.level >= 1
  WITH t.sponsors AS parents, t.level - 1 AS level
  UNWIND parents AS k
  RETURN k, level, false AS known
}
WITH k, level, max(known) AS known
WHERE NOT known
RETURN count(*) AS strangers
