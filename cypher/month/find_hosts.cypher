// The nearest ancestor that keeps its volume, of everybody, from the top down: who takes what a partner gives up, and under whom
// everybody hangs in the tree `transferred`. Who fails stands there too, with nobody below.
// mode: write
// params: run_id STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: partners INTEGER
UNWIND range($level_from, $level_to) AS d
CALL (d) {
  CALL (d) {
    MATCH (h:Host {run_id: $run_id, level: d - 1})
    WITH h.ids AS ids, h.passes AS passes, h.hosts AS hosts, h.host_levels AS levels
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS parent, CASE WHEN passes[i] THEN [ids[i], levels[i]] ELSE [hosts[i], levels[i] - 1] END AS above,
      null AS child
    UNION ALL
    MATCH (h:Host {run_id: $run_id, level: d})
    WITH h.ids AS ids, h.sponsors AS sponsors
    UNWIND range(0, size(ids) - 1) AS i
    RETURN sponsors[i] AS parent, null AS above, ids[i] AS child
  }
  WITH parent, coalesce(head(collect(above)), [-1, -1]) AS above, collect(child) AS children
  UNWIND children AS k
  WITH k, above
  ORDER BY k
  WITH k / 16384 AS bucket, collect(above[0]) AS hosts, collect(above[1] + 1) AS levels
  MATCH (h:Host {run_id: $run_id, level: d})
  WHERE h.bucket = bucket
  SET h.hosts = hosts, h.host_levels = levels
  RETURN sum(size(hosts)) AS found
}
RETURN coalesce(sum(found), 0) AS partners
