// Who keeps its volume and who gives it up (mechanics section 3, volume_transfer), level by level from the deepest up. Judged on
// own PV of the period, or, where it is `received`, with what came up from those below who failed.
// mode: write
// params: run_id STRING, level_from INTEGER, level_to INTEGER, need INTEGER, received BOOLEAN
// rows: one
// returns: partners INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (t:FrozenTree {run_id: $run_id, tree: 'sponsor', level: d})
    WITH t.ids AS ids, t.sponsors AS sponsors
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, sponsors[i] AS sponsor, 0 AS own, 0 AS came
    UNION ALL
    MATCH (v:FrozenVolume {run_id: $run_id, level: d})
    WHERE v.window = -1
    WITH v.ids AS ids, v.qv AS qv
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS sponsor, qv[i] AS own, 0 AS came
    UNION ALL
    MATCH (h:Host {run_id: $run_id, level: d + 1})
    WITH h.sponsors AS sponsors, h.waiting AS waiting
    UNWIND [i IN range(0, size(sponsors) - 1) WHERE waiting[i] <> 0] AS i
    RETURN sponsors[i] AS k, null AS sponsor, 0 AS own, waiting[i] AS came
  }
  WITH k, max(sponsor) AS sponsor, sum(own) AS own, sum(came) AS came
  WITH k, sponsor, own + came AS waiting, own + CASE WHEN $received THEN came ELSE 0 END >= $need AS passes
  ORDER BY k
  WITH k / 16384 AS bucket, collect(k) AS ids, collect(sponsor) AS sponsors, collect(passes) AS passes,
    collect(CASE WHEN passes THEN 0 ELSE waiting END) AS waiting
  WHERE bucket >= 0
  CREATE (:Host {run_id: $run_id, level: d, bucket: bucket, ids: ids, sponsors: sponsors, passes: passes, waiting: waiting})
  RETURN sum(size(ids)) AS judged
}
RETURN coalesce(sum(judged), 0) AS partners
