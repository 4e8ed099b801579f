// The tree that standings are folded over, for one bucket of partners, with the numbers that conditions read: `transferred`, from
// the hosts, or a placement tree, from its own blocks; who has no place in it stands as a root of its own, on leg -1.
// mode: write
// params: run_id STRING, tree STRING, bucket INTEGER, width INTEGER, strata LIST<INTEGER>
// rows: one
// returns: partners INTEGER
CALL () {
  MATCH (h:Host {run_id: $run_id, bucket: $bucket})
  WITH h.ids AS ids, h.hosts AS hosts, h.host_levels AS levels
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [hosts[i], levels[i], 0] AS place, null AS who
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.sponsors AS parents, t.legs AS legs, t.depths AS depths
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [parents[i], depths[i], legs[i]] AS place, null AS who
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = 'sponsor'
  WITH t.ids AS ids, t.partner_ids AS partner_ids, t.member AS member, t.able AS able, t.graced AS graced, t.own AS own
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS place,
    [partner_ids[i], member[i], able[i], graced[i], [j IN range(0, $width - 1) | own[i * $width + j]]] AS who
}
WITH k, coalesce(head(collect(place)), [-1, 0, -1]) AS place, head(collect(who)) AS who
ORDER BY k
WITH collect([k, place, who]) AS rows
CALL () {
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $tree
  DELETE t
}
UNWIND rows AS row
WITH coalesce($strata[row[1][1]], -1) AS level, collect(row[0]) AS ids, collect(row[1][1]) AS depths, collect(row[1][0]) AS parents,
  collect(row[1][2]) AS legs, collect(row[2]) AS who
CREATE (:FrozenTree {run_id: $run_id, tree: $tree, level: level, bucket: $bucket, ids: ids, depths: depths, sponsors: parents,
  legs: legs, partner_ids: [w IN who | w[0]], member: [w IN who | w[1]], able: [w IN who | w[2]], graced: [w IN who | w[3]],
  own: [i IN range(0, size(ids) * $width - 1) | who[i / $width][4][i % $width]]})
RETURN coalesce(sum(size(ids)), 0) AS partners
