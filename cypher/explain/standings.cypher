// What many partners were measured by in a run, a bucket at a time: of the active (or of everybody, with what is carried) the
// metrics and conditions that are asked for by index, own PV of a window (`own`) by each of its numbers, and what a bonus carried of
// them from an earlier run and left for the next.
// mode: read
// params: run_id STRING, earlier STRING, bonus STRING, bucket INTEGER, numbers INTEGER, rules INTEGER, metrics LIST<INTEGER>,
//   conditions LIST<INTEGER>, own INTEGER?, everybody BOOLEAN
// rows: packed
// returns: seq INTEGER, partner_id STRING, active BOOLEAN, metrics LIST<INTEGER>, holds LIST<BOOLEAN>, own LIST<INTEGER>,
//   columns LIST<STRING>, carried LIST<INTEGER>, left_columns LIST<STRING>, left LIST<INTEGER>
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] OR $everybody] AS i
  RETURN ids[i] AS k, null AS partner_id, {active: active[i], metrics: [j IN $metrics | metrics[i * $numbers + j]],
    holds: [j IN $conditions | holds[i * $rules + j]]} AS stood, null AS own, null AS before, null AS after
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket}) WHERE t.tree = 'sponsor'
  WITH t.ids AS ids, t.partner_ids AS partner_ids
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, partner_ids[i] AS partner_id, null AS stood, null AS own, null AS before, null AS after
  UNION ALL
  MATCH (v:FrozenVolume {run_id: $run_id, bucket: $bucket}) WHERE v.window = $own AND NOT coalesce(v.reversed, false)
  WITH v.ids AS ids, v.qv AS qv, v.cv AS cv, v.money_minor AS money
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS partner_id, null AS stood, [qv[i], cv[i], money[i]] AS own, null AS before, null AS after
  UNION ALL
  MATCH (c:Carried {part: $bonus, bucket: $bucket}) WHERE c.run_id IN [$earlier, $run_id]
  WITH c.run_id = $run_id AS later, c.ids AS ids, c.values AS values, c.columns AS columns
  UNWIND range(0, size(ids) - 1) AS i
  WITH later, ids[i] AS k, {columns: columns, values: values[i * size(columns)..(i + 1) * size(columns)]} AS row
  RETURN k, null AS partner_id, null AS stood, null AS own, CASE WHEN later THEN null ELSE row END AS before,
    CASE WHEN later THEN row END AS after
}
WITH k, head(collect(partner_id)) AS partner_id, head(collect(stood)) AS stood, collect(own) AS owns,
  head(collect(before)) AS before, head(collect(after)) AS after
WHERE partner_id IS NOT NULL AND (stood IS NOT NULL OR $everybody AND (before IS NOT NULL OR after IS NOT NULL))
RETURN k AS seq, partner_id, coalesce(stood.active, false) AS active,
  coalesce(stood.metrics, [j IN $metrics | 0]) AS metrics, coalesce(stood.holds, [j IN $conditions | false]) AS holds,
  [j IN range(0, 2) | reduce(t = 0, one IN owns | t + one[j])] AS own, coalesce(before.columns, []) AS columns,
  coalesce(before.values, []) AS carried, coalesce(after.columns, []) AS left_columns, coalesce(after.values, []) AS left
