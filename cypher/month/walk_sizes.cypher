// How many partners stand in each branch of a placement tree, head included, level by level from the deepest up; first half of a
// depth-first walk, after which to stand below somebody is to lie in an interval.
// mode: write
// params: run_id STRING, tree STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: partners INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: d})
    WITH t.ids AS ids, t.sponsors AS parents, t.legs AS legs
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, parents[i] AS parent, legs[i] AS leg, 1 AS heads
    UNION ALL
    MATCH (v:Visit {run_id: $run_id, tree: $tree, level: d + 1})
    WITH v.parents AS parents, v.sizes AS sizes
    UNWIND range(0, size(parents) - 1) AS i
    RETURN parents[i] AS k, null AS parent, null AS leg, sizes[i] AS heads
  }
  WITH k, max(parent) AS parent, max(leg) AS leg, sum(heads) AS heads
  ORDER BY k
  WITH k / 16384 AS bucket, collect(k) AS ids, collect(parent) AS parents, collect(leg) AS legs, collect(heads) AS sizes
  CREATE (:Visit {run_id: $run_id, tree: $tree, level: d, bucket: bucket, ids: ids, parents: parents, legs: legs, sizes: sizes})
  RETURN sum(size(ids)) AS walked
}
RETURN coalesce(sum(walked), 0) AS partners
