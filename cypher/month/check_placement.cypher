// Who stands under somebody in a frozen placement tree that does not stand one level above in it, or deeper than the strata go:
// must be nobody.
// mode: read
// params: run_id STRING, tree STRING
// rows: one
// returns: strangers INTEGER
CALL () {
  CALL () {
    MATCH (t:FrozenTree {run_id: $run_id, tree: $tree})
    WHERE t.level >= -1
    WITH t.ids AS ids, t.depths AS depths
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, depths[i] AS at, true AS known
    UNION ALL
    MATCH (t:FrozenTree {run_id: $run_id, tree: $tree})
    WHERE t.level >= -1
    WITH t.sponsors AS parents, t.depths AS depths
    UNWIND [i IN range(0, size(parents) - 1) WHERE parents[i] >= 0] AS i
    RETURN parents[i] AS k, depths[i] - 1 AS at, false AS known
  }
  WITH k, at, max(known) AS known
  WHERE NOT known
  RETURN k
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: -1})
  UNWIND t.ids AS k
  RETURN k
}
RETURN count(*) AS strangers
