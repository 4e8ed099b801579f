// The order number of each partner in a depth-first walk of a placement tree, from the top down: who stands in the branch of x has
// a number from x's own up to, but not with, x's own plus the size of the branch. Each root begins far from all others.
// mode: write
// params: run_id STRING, tree STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: partners INTEGER
UNWIND range($level_from, $level_to) AS d
CALL (d) {
  CALL (d) {
    MATCH (v:Visit {run_id: $run_id, tree: $tree, level: d - 1})
    WITH v.ids AS ids, v.firsts AS firsts
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS parent, firsts[i] AS first, null AS child
    UNION ALL
    MATCH (v:Visit {run_id: $run_id, tree: $tree, level: d})
    WITH v.ids AS ids, v.parents AS parents, v.legs AS legs, v.sizes AS sizes
    UNWIND range(0, size(ids) - 1) AS i
    RETURN parents[i] AS parent, null AS first, [ids[i], legs[i], sizes[i]] AS child
  }
  WITH max(first) AS first, parent, collect(child) AS children
  UNWIND children AS child
  WITH child[0] AS k, CASE WHEN first IS NULL THEN child[0] * 4294967296
    ELSE first + 1 + reduce(t = 0, other IN children | t + CASE WHEN other[1] < child[1] THEN other[2] ELSE 0 END) END AS number
  ORDER BY k
  WITH k / 16384 AS bucket, collect(number) AS firsts
  MATCH (v:Visit {run_id: $run_id, tree: $tree, level: d})
  WHERE v.bucket = bucket
  SET v.firsts = firsts
  RETURN sum(size(firsts)) AS walked
}
RETURN coalesce(sum(walked), 0) AS partners
