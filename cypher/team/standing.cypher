// One partner's volumes and active partners by distance in a run. `actives` counts by distance from the partner itself, the
// last slot everybody deeper. A partner without a standing sold nothing and has nobody below who did.
// mode: read
// params: run_id STRING, partner_id STRING
// rows: one
// returns: active BOOLEAN, own_volume INTEGER, team_volume INTEGER, actives LIST<INTEGER>
MATCH (p:Partner {id: $partner_id})
WITH p.seq AS seq
CALL (seq) {
  OPTIONAL MATCH (s:Standing {run_id: $run_id, bucket: seq / 16384})
  WITH s, coalesce(coll.indexOf(s.ids, seq), -1) AS at
  ORDER BY at DESC LIMIT 1
  WITH s, at, CASE WHEN at < 0 THEN 0 ELSE size(s.sums) / size(s.ids) END AS windows,
    CASE WHEN at < 0 THEN 0 ELSE size(s.actives) / size(s.ids) END AS reach
  RETURN CASE WHEN at < 0 THEN false ELSE s.active[at] END AS active,
    CASE WHEN at < 0 THEN 0 ELSE s.sums[at * windows] END AS team_volume,
    CASE WHEN at < 0 THEN [] ELSE s.actives[at * reach..(at + 1) * reach] END AS actives
}
CALL (seq) {
  MATCH (v:FrozenVolume {run_id: $run_id, bucket: seq / 16384})
  WHERE v.window = 0
  WITH v, coll.indexOf(v.ids, seq) AS at
  WHERE at >= 0
  RETURN coalesce(sum(v.qv[at]), 0) AS own_volume
}
RETURN active, own_volume, team_volume, actives
