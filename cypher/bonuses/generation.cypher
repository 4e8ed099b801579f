// The moves of a generation bonus, mechanics section 5: what each partner of a bucket does with a unit that is, for it, in
// generation k below a payee of row r. State (r - 1) * generations + k; after these, one state a row in which a partner's own
// sale passes to its parent. With a fixed boundary there is one row and everybody takes it; with the payee's own rank a row a rank,
// and a payee takes the row of its own. A partner is a boundary of the rows up to its rank: what comes from below is one
// generation further above it, and so is its own, unless the boundary is inclusive.
// ranks: [condition, rank from 1] of which the first that holds counts; picks and openings as in bonuses.unilevel.
// Trees and standings are those of the run `frozen`: this one, or a closed one whose lines are looked at again.
// mode: write
// params: run_id STRING, frozen STRING, bonus STRING, tree STRING, bucket INTEGER, conditions INTEGER, classes INTEGER, rows INTEGER, own BOOLEAN,
//   inclusive BOOLEAN, ranks LIST<LIST>, openings LIST<INTEGER>, picks LIST<LIST>
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
  RETURN k, null AS place, [coalesce(head([p IN $ranks WHERE p[0] < 0 OR holds[at + p[0]] | p[1]]), 0)]
    + CASE WHEN NOT active THEN [j IN range(1, size($picks)) | 0]
      ELSE [j IN range(0, size($picks) - 1) | CASE
        WHEN $openings[j % steps] >= 0 AND NOT holds[at + $openings[j % steps]] THEN 0
        ELSE coalesce(head([p IN $picks[j] WHERE p[0] < 0 OR holds[at + p[0]] | p[1]]), 0) END] END AS stand
}
WITH steps, k, head(collect(place)) AS place, head(collect(stand)) AS stand
WHERE place IS NOT NULL
ORDER BY k
WITH steps, place[0] AS level, coalesce(stand, [0] + [j IN range(1, size($picks)) | 0]) AS stand, collect(k) AS ids,
  collect(place[1]) AS parents
WITH steps, level, ids, parents, stand[0] AS rank, stand[1..] AS pays, $rows * (steps + 1) AS states
WITH level, ids, parents, [c IN range(0, $classes - 1) | [j IN range(0, $rows * steps - 1) |
    CASE WHEN $own AND j / steps + 1 <> rank THEN 0 ELSE pays[c * steps + j % steps] END * 1000000
    + CASE WHEN j / steps < rank AND j % steps = steps - 1 THEN 0
      ELSE c * states + j + 1 + CASE WHEN j / steps < rank THEN 1 ELSE 0 END END * 1000]
  + [r IN range(0, $rows - 1) |
    CASE WHEN r < rank AND NOT $inclusive AND steps = 1 THEN 0
      ELSE c * states + r * steps + 1 + CASE WHEN r < rank AND NOT $inclusive THEN 1 ELSE 0 END END * 1000]] AS moves
CREATE (:Moves {run_id: $run_id, bonus: $bonus, level: level, bucket: $bucket, moves: coll.flatten(moves), ids: ids,
  parents: parents})
RETURN coalesce(sum(size(ids)), 0) AS partners
