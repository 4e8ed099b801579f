// A placement tree of the period's last instant, one span of seq at a time, as list columns in blocks of one stratum and bucket:
// who stands under whom (-1 for a root) and in which leg (0 for a root). Who has no place yet is not in it, and who joined later
// stands in it as in the sponsor tree.
// mode: write
// params: run_id STRING, tree STRING, seq_from INTEGER, seq_to INTEGER, known_at DATETIME,
//   strata LIST<INTEGER>
// rows: one
// returns: partners INTEGER
MATCH (p:Partner)
WHERE p.seq >= $seq_from AND p.seq < $seq_to AND p.recorded_at <= $known_at
MATCH (p)-[e:PLACED_UNDER {tree: $tree}]->(above)
WHERE e.recorded_at <= $known_at
WITH p.seq AS k, p.id AS partner_id, e.level AS depth, coalesce(above.seq, -1) AS parent,
  CASE WHEN above:Partner THEN e.leg ELSE 0 END AS leg
ORDER BY k
WITH coalesce($strata[depth], -1) AS level, k / 16384 AS bucket, collect(k) AS ids, collect(depth) AS depths,
  collect(partner_id) AS partner_ids, collect(parent) AS parents, collect(leg) AS legs
CREATE (:FrozenTree {run_id: $run_id, tree: $tree, level: level, bucket: bucket, ids: ids, depths: depths,
  partner_ids: partner_ids, sponsors: parents, legs: legs})
RETURN coalesce(sum(size(ids)), 0) AS partners
