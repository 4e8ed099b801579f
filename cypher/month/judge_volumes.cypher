// Who keeps its volume and who gives it up (mechanics section 3, volume_transfer), stratum by stratum from the deepest up, and rung
// by rung in one that holds several levels. Judged on own PV of the period, or, where it is `received`, with what came up from
// those below who failed.
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
    RETURN ids[i] AS k, sponsors[i] AS sponsor, 0 AS own, 0 AS came, null AS seat
    UNION ALL
    MATCH (g:Rungs {run_id: $run_id, tree: 'sponsor', level: d})
    WITH g.ids AS ids, g.rungs AS rungs, g.ups AS ups, g.kids_at AS at, g.kids AS kids
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS sponsor, 0 AS own, 0 AS came,
      [rungs[i], i, ups[i], [c IN range(at[i], at[i + 1] - 1) | kids[c]]] AS seat
    UNION ALL
    MATCH (v:FrozenVolume {run_id: $run_id, level: d})
    WHERE v.window = -1
    WITH v.ids AS ids, v.qv AS qv
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS sponsor, qv[i] AS own, 0 AS came, null AS seat
    UNION ALL
    MATCH (h:Host {run_id: $run_id, feeds: d})
    WITH h.sponsors AS sponsors, h.waiting AS waiting
    UNWIND [i IN range(0, size(sponsors) - 1) WHERE waiting[i] <> 0] AS i
    RETURN sponsors[i] AS k, null AS sponsor, 0 AS own, waiting[i] AS came, null AS seat
  }
  WITH k, max(sponsor) AS sponsor, sum(own) AS own, sum(came) AS came, head(collect(seat)) AS seat
  WHERE k >= 0
  ORDER BY coalesce(seat[1], k)
  WITH CASE WHEN seat IS NULL THEN k / 16384 ELSE -1 END AS part, coalesce(seat[0], 0) AS rung,
    collect([k, sponsor, own, came, coalesce(seat[3], []), coalesce(seat[2], -1) >= 0]) AS rows
  ORDER BY rung
  WITH part, collect(rows) AS rungs
  // a row done: partner, sponsor, whether its sponsor stands in the stratum, whether it keeps its volume, what it hands up
  WITH reduce(done = [[], []], rung IN rungs | head([level IN [[r IN rung |
      head([came IN [reduce(t = r[3], c IN r[4] | t + done[0][c][4])] |
      head([passes IN [r[2] + CASE WHEN $received THEN came ELSE 0 END >= $need] |
        [r[0], r[1], r[5], passes, CASE WHEN passes THEN 0 ELSE r[2] + came END]])])]] | [level, done[1] + [level]]]))[1] AS levels
  UNWIND levels AS level
  UNWIND level AS row
  WITH row
  ORDER BY row[0]
  WITH row[0] / 16384 AS bucket, row[2] AS inside, collect(row) AS rows
  CREATE (:Host {run_id: $run_id, level: d, feeds: CASE WHEN inside THEN d ELSE d - 1 END, bucket: bucket, ids: [r IN rows | r[0]],
    sponsors: [r IN rows | r[1]], passes: [r IN rows | r[3]], waiting: [r IN rows | r[4]]})
  RETURN sum(size(rows)) AS judged
}
RETURN coalesce(sum(judged), 0) AS partners
