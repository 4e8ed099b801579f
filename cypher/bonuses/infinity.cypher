// The moves of an infinity bonus, mechanics section 5: what each partner of a bucket does with a unit that is k levels below it, on
// its way to payees of rank r. State (r - 1) * nearest + k, where k = nearest stands for that level and all below it; after these,
// one state a rank in which a partner's own sale passes to its parent. A payee takes what is far enough of the row of its own rank.
// A partner blocks the rows up to its rank. stop says where the payees above it stop: before_blocker keeps its own sale too,
// after_blocker lets that pass, where_theirs_begins also what is too near for itself.
// ranks: [condition, rank from 1] of which the first that holds counts; picks: by class, [condition, pay code].
// Trees and standings are those of the run `frozen`: this one, or a closed one whose lines are looked at again.
// mode: write
// params: run_id STRING, frozen STRING, bonus STRING, tree STRING, bucket INTEGER, conditions INTEGER, rows INTEGER, nearest INTEGER, stop STRING,
//   ranks LIST<LIST>, picks LIST<LIST>, qualified INTEGER
// rows: one
// returns: partners INTEGER
CALL () {
  MATCH (t:FrozenTree {run_id: $frozen, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.level AS level, t.ids AS ids, t.sponsors AS parents
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [level, parents[i]] AS place, null AS stand
  UNION ALL
  MATCH (s:Standing {run_id: $frozen, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.holds AS holds
  UNWIND range(0, size(ids) - 1) AS i
  WITH ids[i] AS k, active[i] AS active, i * $conditions AS at, holds
  RETURN k, null AS place, [coalesce(head([p IN $ranks WHERE p[0] < 0 OR holds[at + p[0]] | p[1]]), 0)]
    + [c IN $picks | CASE WHEN NOT active OR $qualified >= 0 AND NOT holds[at + $qualified] THEN 0
      ELSE coalesce(head([p IN c WHERE p[0] < 0 OR holds[at + p[0]] | p[1]]), 0) END] AS stand
}
WITH k, head(collect(place)) AS place, head(collect(stand)) AS stand
WHERE place IS NOT NULL
ORDER BY k
WITH place[0] AS level, coalesce(stand, [0] + [c IN $picks | 0]) AS stand, collect(k) AS ids, collect(place[1]) AS parents
WITH level, ids, parents, stand[0] AS rank, stand[1..] AS pays, $rows * ($nearest + 1) AS states
WITH level, ids, parents, [c IN range(0, size(pays) - 1) | [j IN range(0, $rows * $nearest - 1) |
    CASE WHEN j / $nearest + 1 = rank AND j % $nearest = $nearest - 1 THEN pays[c] ELSE 0 END * 1000000
    + CASE
      WHEN j / $nearest < rank AND (j % $nearest = $nearest - 1 OR $stop <> 'where_theirs_begins') THEN 0
      WHEN j % $nearest = $nearest - 1 THEN c * states + j + 1
      ELSE c * states + j + 2 END * 1000]
  + [r IN range(0, $rows - 1) |
    CASE WHEN r < rank AND $stop = 'before_blocker' THEN 0 ELSE c * states + r * $nearest + 1 END * 1000]] AS moves
CREATE (:Moves {run_id: $run_id, bonus: $bonus, level: level, bucket: $bucket, moves: coll.flatten(moves), ids: ids,
  parents: parents})
RETURN coalesce(sum(size(ids)), 0) AS partners
