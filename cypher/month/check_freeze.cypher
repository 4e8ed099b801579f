// Who sold or sponsors in the frozen columns without standing in the frozen tree: must be nobody.
// mode: read
// params: run_id STRING
// rows: one
// returns: strangers INTEGER
CALL () {
  MATCH (t:FrozenTree) WHERE t.run_id = $run_id AND t.level >= 0 AND t.tree = 'sponsor'
  WITH t.ids AS ids, t.level AS level
  UNWIND ids AS k
  RETURN k, level, true AS known
  UNION ALL
  MATCH (t:FrozenTree) WHERE t.run_id = $run_id AND t.level >= 1 AND t.tree = 'sponsor'
  WITH t.sponsors AS sponsors, t.level - 1 AS level
  UNWIND sponsors AS k
  RETURN k, level, false AS known
  UNION ALL
  MATCH (v:FrozenVolume) WHERE v.run_id = $run_id AND v.level >= 0
  WITH v.ids AS ids, v.level AS level
  UNWIND ids AS k
  RETURN k, level, false AS known
  UNION ALL
  MATCH (c:FrozenCount) WHERE c.run_id = $run_id AND c.level >= 0
  WITH c.ids AS ids, c.level AS level
  UNWIND ids AS k
  RETURN k, level, false AS known
}
WITH k, level, max(known) AS known
WHERE NOT known
RETURN count(*) AS strangers
