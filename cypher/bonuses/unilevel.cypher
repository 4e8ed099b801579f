// A unilevel bonus over the frozen blocks, level by level from the deepest up; mechanics section 3 and its appendix.
// A partner's list holds the volume that waits for its k-th payee; with roll_up a second half holds, beside the volume by exact
// distance, what still waits for each level. A parent adds its children's lists, takes what it is open for and passes on the
// rest: none shifts everything, standard shifts unless this partner vanishes, dynamic shifts only what was taken, roll_up takes
// all that waits for an open level. Nothing is rounded here. Partners with nothing to take or pass on leave no row.
// mode: write
// params: run_id STRING, bonus STRING, level_from INTEGER, level_to INTEGER, compression STRING, from_seller BOOLEAN, base STRING,
//   kinds LIST<STRING>, categories LIST<STRING>?, openings LIST<INTEGER>, vanish INTEGER, rules INTEGER
// rows: one
// returns: partners INTEGER
WITH size($openings) AS steps
UNWIND range($level_from, $level_to, -1) AS d
CALL (d, steps) {
  WITH d, steps, steps * CASE $compression WHEN 'roll_up' THEN 2 ELSE 1 END AS width
  CALL (d, steps, width) {
    MATCH (s:Standing {run_id: $run_id, level: d})
    WITH steps, s.ids AS ids, s.sponsors AS sponsors, s.active AS active, s.holds AS holds
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, sponsors[i] AS up, [c IN $openings | active[i] AND (c < 0 OR holds[i * $rules + c])] AS open,
      CASE WHEN $vanish = 0 THEN NOT active[i] ELSE NOT holds[i * $rules + $vanish] END AS vanishes, 0 AS own, null AS v
    UNION ALL
    MATCH (f:FrozenVolume {run_id: $run_id, level: d})
    WHERE f.window = 0 AND f.kind IN $kinds AND ($categories IS NULL OR f.category IN $categories)
    WITH f.ids AS ids, CASE $base WHEN 'cv' THEN f.cv WHEN 'qv' THEN f.qv ELSE f.money_minor END AS own
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS up, null AS open, null AS vanishes, own[i] AS own, null AS v
    UNION ALL
    MATCH (b:Fold {run_id: $run_id, bonus: $bonus, level: d + 1})
    WITH width, b.sponsors AS sponsors, b.up AS handed
    UNWIND range(0, size(sponsors) - 1) AS i
    RETURN sponsors[i] AS k, null AS up, null AS open, null AS vanishes, 0 AS own,
      [j IN range(0, width - 1) | handed[i * width + j]] AS v
  }
  WITH steps, width, k, max(up) AS up, head(collect(open)) AS open, max(vanishes) AS vanishes, sum(own) AS own, collect(v) AS vs
  WITH steps, width, k, up, open, vanishes, own, CASE size(vs) WHEN 0 THEN [j IN range(0, width - 1) | 0] WHEN 1 THEN vs[0]
    ELSE [j IN range(0, width - 1) | reduce(t = 0, x IN vs | t + x[j])] END AS v
  WHERE own <> 0 OR any(x IN v WHERE x <> 0)
  // With `seller` one's own sales enter before taking, at level 1; with `sponsor` after it.
  WITH steps, width, k, up, open, vanishes, CASE WHEN $from_seller THEN 0 ELSE own END AS late,
    CASE WHEN $from_seller THEN [v[0] + own] + v[1..] ELSE v END AS w
  WITH steps, width, k, up, open, vanishes, late,
    CASE $compression WHEN 'roll_up' THEN w[0..steps] + [j IN range(0, steps - 1) | w[j] + w[steps + j]] ELSE w END AS w
  WITH steps, width, k, up, CASE
      WHEN $compression = 'standard' AND vanishes THEN [j IN range(0, steps - 1) | 0]
      ELSE [j IN range(0, steps - 1) | CASE WHEN open[j] THEN w[width - steps + j] ELSE 0 END] END AS base,
    CASE
      WHEN $compression = 'dynamic' THEN [j IN range(0, steps - 1) | CASE WHEN open[j] THEN 0 ELSE w[j] END
        + CASE WHEN j > 0 AND open[j - 1] THEN w[j - 1] WHEN j = 0 THEN late ELSE 0 END]
      WHEN $compression = 'roll_up' THEN [late] + w[0..steps - 1]
        + [j IN range(0, steps - 1) | CASE WHEN open[j] THEN 0 ELSE w[steps + j] END]
      WHEN $compression = 'standard' AND vanishes THEN [w[0] + late] + w[1..]
      ELSE [late] + w[0..steps - 1] END AS handed
  ORDER BY k
  WITH steps, width, k / 16384 AS bucket, collect(k) AS ids, collect(up) AS sponsors, collect(base) AS base, collect(handed) AS handed
  CREATE (:Fold {run_id: $run_id, bonus: $bonus, level: d, bucket: bucket, ids: ids, sponsors: sponsors,
    base: [i IN range(0, size(ids) * steps - 1) | base[i / steps][i % steps]],
    up: [i IN range(0, size(ids) * width - 1) | handed[i / width][i % width]]})
  RETURN sum(size(ids)) AS folded
}
RETURN coalesce(sum(folded), 0) AS partners
