// The moves of a unilevel bonus, mechanics section 3: what each partner of a bucket does with a unit that waits for level k
// (state k of K). none: is paid if open, and the next level waits for the parent. standard: the same, but who vanishes hands
// everything on as it came. dynamic: what is not open here waits on. roll_up: state k is the exact distance, and K + k what still
// waits for level k: a level that is not open here waits on, beside the distance that goes on.
// With from_seller false there is one more state, in which a seller's own sale passes to the parent's level 1.
// picks: by class and level, [condition, pay code] of which the first that holds is paid (0: nothing); openings: the condition that
// opens each level to the active (-1: to all of them); vanish: who fails this condition vanishes (0: the inactive).
// Trees and standings are those of the run `frozen`: this one, or a closed one whose lines are looked at again.
// mode: write
// params: run_id STRING, frozen STRING, bonus STRING, tree STRING, bucket INTEGER, conditions INTEGER, classes INTEGER, compression STRING,
//   from_seller BOOLEAN, openings LIST<INTEGER>, picks LIST<LIST>, vanish INTEGER
// rows: one
// returns: partners INTEGER
WITH size($openings) AS steps
CALL (steps) {
  MATCH (t:FrozenTree {run_id: $frozen, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.level AS level, t.ids AS ids, t.sponsors AS parents
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [level, parents[i]] AS place, null AS stand
  UNION ALL
  MATCH (s:Standing {run_id: $frozen, bucket: $bucket})
  WITH steps, s.ids AS ids, s.active AS active, s.holds AS holds
  UNWIND range(0, size(ids) - 1) AS i
  WITH steps, ids[i] AS k, active[i] AS active, i * $conditions AS at, holds
  RETURN k, null AS place,
    [CASE WHEN $compression <> 'standard' THEN 0 WHEN $vanish = 0 THEN CASE WHEN active THEN 0 ELSE 1 END
      WHEN holds[at + $vanish] THEN 0 ELSE 1 END]
    + CASE WHEN NOT active THEN [j IN range(1, size($picks)) | -1]
      ELSE [j IN range(0, size($picks) - 1) | CASE
        WHEN $openings[j % steps] >= 0 AND NOT holds[at + $openings[j % steps]] THEN -1
        ELSE coalesce(head([p IN $picks[j] WHERE p[0] < 0 OR holds[at + p[0]] | p[1]]), 0) END] END AS stand
}
WITH steps, k, head(collect(place)) AS place, head(collect(stand)) AS stand
WHERE place IS NOT NULL
ORDER BY k
WITH steps, place[0] AS level, coalesce(stand, [1] + [j IN range(1, size($picks)) | -1]) AS stand, collect(k) AS ids,
  collect(place[1]) AS parents
WITH steps, level, ids, parents, stand[0] = 1 AS vanishes, stand[1..] AS pays,
  steps * CASE $compression WHEN 'roll_up' THEN 2 ELSE 1 END + CASE WHEN $from_seller THEN 0 ELSE 1 END AS states
WITH level, ids, parents, [c IN range(0, $classes - 1) |
    [j IN range(0, steps - 1) | CASE
      WHEN $compression = 'standard' AND vanishes OR $compression = 'dynamic' AND pays[c * steps + j] < 0
        THEN (c * states + j + 1) * 1000
      ELSE CASE WHEN pays[c * steps + j] > 0 THEN pays[c * steps + j] * 1000000 ELSE 0 END
        + CASE WHEN j < steps - 1 THEN (c * states + j + 2) * 1000 ELSE 0 END
        + CASE WHEN $compression = 'roll_up' AND pays[c * steps + j] < 0 THEN c * states + steps + j + 1 ELSE 0 END END]
    + CASE WHEN $compression <> 'roll_up' THEN [] ELSE [j IN range(0, steps - 1) | CASE
      WHEN pays[c * steps + j] < 0 THEN (c * states + steps + j + 1) * 1000
      ELSE pays[c * steps + j] * 1000000 END] END
    + CASE WHEN $from_seller THEN [] ELSE [(c * states + 1) * 1000] END] AS moves
CREATE (:Moves {run_id: $run_id, bonus: $bonus, level: level, bucket: $bucket, moves: coll.flatten(moves), ids: ids,
  parents: parents})
RETURN coalesce(sum(size(ids)), 0) AS partners
