// Who sponsors without standing one level above in the frozen tree, or sold without standing in it, or stands deeper than the
// strata go: must be nobody.
// mode: read
// params: run_id STRING
// rows: one
// returns: strangers INTEGER
CALL () {
  CALL () {
    MATCH (t:FrozenTree) WHERE t.run_id = $run_id AND t.level >= -1 AND t.tree = 'sponsor'
    WITH t.ids AS ids, t.depths AS depths
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, depths[i] AS at, true AS known
    UNION ALL
    MATCH (t:FrozenTree) WHERE t.run_id = $run_id AND t.level >= -1 AND t.tree = 'sponsor'
    WITH t.sponsors AS sponsors, t.depths AS depths
    UNWIND [i IN range(0, size(sponsors) - 1) WHERE sponsors[i] >= 0] AS i
    RETURN sponsors[i] AS k, depths[i] - 1 AS at, false AS known
  }
  WITH k, at, max(known) AS known
  WHERE NOT known
  RETURN k
  UNION ALL
  CALL () {
    MATCH (t:FrozenTree) WHERE t.run_id = $run_id AND t.level >= 0 AND t.tree = 'sponsor'
    WITH t.ids AS ids, t.level AS level
    UNWIND ids AS k
    RETURN k, level, true AS known
    UNION ALL
    MATCH (v:FrozenVolume) WHERE v.run_id = $run_id AND v.level >= -1
    WITH v.ids AS ids, v.level AS level
    UNWIND ids AS k
    RETURN k, level, false AS known
    UNION ALL
    MATCH (c:FrozenCount) WHERE c.run_id = $run_id AND c.level >= -1
    WITH c.ids AS ids, c.level AS level
    UNWIND ids AS k
    RETURN k, level, false AS known
  }
  WITH k, level, max(known) AS known
  WHERE NOT known
  RETURN k
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, level: -1})
  UNWIND t.ids AS k
  RETURN k
}
RETURN count(*) AS strangers
