// The nearest ancestor that keeps its volume, of everybody, from the top down: who takes what a partner gives up, and under whom
// everybody hangs in the tree `transferred`. Who fails stands there too, with nobody below.
// mode: write
// params: run_id STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: partners INTEGER
UNWIND range($level_from, $level_to) AS d
CALL (d) {
  CALL (d) {
    CALL (d) {
      MATCH (h:Host {run_id: $run_id, level: d - 1})
      WITH h.ids AS ids, h.passes AS passes, h.hosts AS hosts, h.host_levels AS levels
      UNWIND range(0, size(ids) - 1) AS i
      RETURN ids[i] AS parent, CASE WHEN passes[i] THEN [ids[i], levels[i]] ELSE [hosts[i], levels[i] - 1] END AS above,
        null AS child
      UNION ALL
      MATCH (h:Host {run_id: $run_id, level: d})
      WITH h.ids AS ids, h.sponsors AS sponsors, h.passes AS passes
      UNWIND range(0, size(ids) - 1) AS i
      RETURN sponsors[i] AS parent, null AS above, [ids[i], passes[i]] AS child
    }
    WITH parent, coalesce(head(collect(above)), [-1, -1]) AS above, collect(child) AS children
    UNWIND children AS child
    RETURN child[0] AS k, child[1] AS passes, above, null AS seat
    UNION ALL
    MATCH (g:Rungs {run_id: $run_id, tree: 'sponsor', level: d})
    WITH g.ids AS ids, g.rungs AS rungs, g.ups AS ups
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS passes, null AS above, [rungs[i], i, ups[i]] AS seat
  }
  WITH k, max(passes) AS passes, head(collect(above)) AS above, head(collect(seat)) AS seat
  ORDER BY coalesce(seat[1], k)
  WITH CASE WHEN seat IS NULL THEN k / 16384 ELSE -1 END AS part, coalesce(seat[0], 0) AS rung,
    collect([k, passes, above, coalesce(seat[2], -1)]) AS rows
  ORDER BY rung DESC
  WITH part, collect(rows) AS rungs
  // a row done: partner, whether it passes, its host with the host's level, whether its sponsor stands in the stratum
  WITH reduce(done = [[], []], rung IN rungs | head([level IN [[r IN rung | [r[0], r[1], CASE
      WHEN r[3] < 0 THEN r[2]
      WHEN done[0][r[3]][1] THEN [done[0][r[3]][0], done[0][r[3]][2][1] + 1]
      ELSE done[0][r[3]][2] END, r[3] >= 0]]] | [level, done[1] + [level]]]))[1] AS levels
  UNWIND levels AS level
  UNWIND level AS row
  WITH row
  ORDER BY row[0]
  WITH row[0] / 16384 AS bucket, CASE WHEN row[3] THEN d ELSE d - 1 END AS feeds, collect(row) AS rows
  MATCH (h:Host {run_id: $run_id, level: d})
  WHERE h.bucket = bucket AND h.feeds = feeds
  SET h.hosts = [r IN rows | r[2][0]], h.host_levels = [r IN rows | r[2][1] + 1]
  RETURN sum(size(rows)) AS found
}
RETURN coalesce(sum(found), 0) AS partners
