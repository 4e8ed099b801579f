// The moves of a differential, mechanics sections 4 and 5: what each partner of a bucket does with a unit of which some rate was
// met (or, with `remaining`, some share paid) on its way. State d * mets + h + 1: d is the level at which it arrives, up to the
// `last` one from which levels are no longer told apart; h, what was met or paid so far, by index.
// table says, for each h and each rate of a payee, by index (0: none), what is met or paid then (-1: nobody above can be paid) and
// the pay code of the margin (0: none). A partner that meets no conditions is met too where `everyone` is. rates: by class,
// [condition, index of the rate] of which the first that holds counts.
// Trees and standings are those of the run `frozen`: this one, or a closed one whose lines are looked at again.
// mode: write
// params: run_id STRING, frozen STRING, bonus STRING, tree STRING, bucket INTEGER, conditions INTEGER, rates LIST<LIST>, table LIST<LIST>,
//   mets INTEGER, pays_from INTEGER, blocks_from INTEGER, last INTEGER, everyone BOOLEAN, qualified INTEGER
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
  RETURN k, null AS place, [CASE WHEN active AND ($qualified < 0 OR holds[at + $qualified]) THEN 1 ELSE 0 END]
    + [r IN $rates | coalesce(head([p IN r WHERE p[0] < 0 OR holds[at + p[0]] | p[1]]), 0)] AS stand
}
WITH k, head(collect(place)) AS place, head(collect(stand)) AS stand
WHERE place IS NOT NULL
ORDER BY k
WITH place[0] AS level, coalesce(stand, [0] + [r IN $rates | 0]) AS stand, collect(k) AS ids, collect(place[1]) AS parents
WITH level, ids, parents, stand[0] = 1 AS qualified, stand[1..] AS own, ($last + 1) * $mets AS states
WITH level, ids, parents, [c IN range(0, size(own) - 1) | [j IN range(0, states - 1) |
    CASE WHEN qualified AND j / $mets >= $pays_from THEN $table[j % $mets][own[c]][1] ELSE 0 END * 1000000
    + CASE WHEN (qualified OR $everyone) AND j / $mets >= $blocks_from AND $table[j % $mets][own[c]][0] < 0 THEN 0
      ELSE c * states + CASE WHEN j / $mets < $last THEN j / $mets + 1 ELSE $last END * $mets + 1
        + CASE WHEN (qualified OR $everyone) AND j / $mets >= $blocks_from THEN $table[j % $mets][own[c]][0] ELSE j % $mets END
      END * 1000]] AS moves
CREATE (:Moves {run_id: $run_id, bonus: $bonus, level: level, bucket: $bucket, moves: coll.flatten(moves), ids: ids,
  parents: parents})
RETURN coalesce(sum(size(ids)), 0) AS partners
