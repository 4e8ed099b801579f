// Everybody's standing, level by level from the deepest up: summed volumes, active people below by distance, every metric of
// the plan, which conditions hold, and whether they are active. A child hands up one list: [active, TV of each window …,
// active at distance 0, 1, … depth, deeper]. A condition is a list of clauses that all hold; a clause, tests of which any does.
// mode: write
// params: run_id STRING, level_from INTEGER, level_to INTEGER, windows INTEGER, depth INTEGER, width INTEGER,
//   metrics LIST<MAP>, conditions LIST<LIST>
// rows: one
// returns: partners INTEGER, active INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (t:FrozenTree {run_id: $run_id, level: d})
    WITH t.ids AS ids, t.sponsors AS sponsors, t.member AS member, t.able AS able, t.graced AS graced, t.own AS own
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, [sponsors[i], member[i], able[i], graced[i], [j IN range(0, $width - 1) | own[i * $width + j]]] AS who,
      null AS volume, null AS leg
    UNION ALL
    MATCH (v:FrozenVolume {run_id: $run_id, level: d})
    WITH v.ids AS ids, v.qv AS qv, v.money_minor AS money, v.customer_qv AS customer_qv, v.window AS w
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [w, qv[i], money[i], 0, customer_qv[i], 0] AS volume, null AS leg
    UNION ALL
    MATCH (c:FrozenCount {run_id: $run_id, level: d})
    WITH c.ids AS ids, c.orders AS orders, c.paying_customers AS paying, c.window AS w
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [w, 0, 0, orders[i], 0, paying[i]] AS volume, null AS leg
    UNION ALL
    MATCH (s:Standing {run_id: $run_id, level: d + 1})
    WITH s.sponsors AS sponsors, s.sums AS sums, s.actives AS actives
    UNWIND range(0, size(sponsors) - 1) AS i
    RETURN sponsors[i] AS k, null AS who, null AS volume,
      [j IN range(0, $windows - 1) | sums[i * $windows + j]]
      + [j IN range(0, $depth + 1) | actives[i * ($depth + 2) + j]] AS leg
  }
  WITH k, head(collect(who)) AS who, collect(volume) AS volumes, collect(leg) AS legs
  WHERE who[1] OR size(volumes) > 0 OR size(legs) > 0
  WITH k, who, volumes, legs,
    [w IN range(0, $windows - 1) |
      reduce(t = 0, v IN volumes | t + CASE WHEN v[0] = w THEN v[1] ELSE 0 END) + reduce(t = 0, l IN legs | t + l[w])] AS sums,
    CASE size(legs) WHEN 0 THEN [j IN range(0, $depth + 1) | 0]
      ELSE [0] + [j IN range(1, $depth) | reduce(t = 0, l IN legs | t + l[$windows + j - 1])]
        + [reduce(t = 0, l IN legs | t + l[$windows + $depth] + l[$windows + $depth + 1])] END AS below
  WITH k, who, sums, below, [m IN $metrics | CASE m.kind
    WHEN 'sum' THEN reduce(t = 0, v IN volumes | t + CASE WHEN v[0] = m.window THEN v[m.column] ELSE 0 END)
    WHEN 'tv' THEN sums[m.window]
    WHEN 'active_frontline' THEN below[1]
    WHEN 'active_downline' THEN reduce(t = 0, n IN
      CASE WHEN m.argument < 0 THEN below ELSE below[0..m.argument + 1] END | t + n)
    WHEN 'leg' THEN CASE WHEN size(legs) < m.argument THEN 0
      ELSE coll.sort([l IN legs | l[m.window]])[size(legs) - m.argument] END
    WHEN 'outside_legs' THEN CASE WHEN size(legs) <= m.argument THEN 0 ELSE
      reduce(t = 0, x IN coll.sort([l IN legs | l[m.window]])[0..size(legs) - m.argument] | t + x) END
    WHEN 'legs_with' THEN size([l IN legs WHERE l[m.window] >= m.argument])
    WHEN 'customers' THEN who[4][0]
    WHEN 'months' THEN who[4][1]
    WHEN 'listed' THEN who[4][2 + m.argument]
    WHEN 'average' THEN reduce(t = [0, 0], v IN volumes | CASE WHEN v[0] = m.window THEN [t[0] + v[2], t[1] + v[3]] ELSE t END)
    ELSE reduce(t = [0, 0], v IN volumes | CASE WHEN v[0] = m.window THEN [t[0] + v[4], t[1] + v[1]] ELSE t END) END] AS raw
  // A quotient is two sums until here: an average is cut down, a share is in parts per million.
  WITH k, who, sums, below, [j IN range(0, size(raw) - 1) | CASE $metrics[j].kind
    WHEN 'average' THEN CASE WHEN raw[j][1] = 0 THEN 0 ELSE raw[j][0] / raw[j][1] END
    WHEN 'share' THEN CASE WHEN raw[j][1] <= 0 THEN 0
      ELSE (raw[j][0] / raw[j][1]) * 1000000 + ((raw[j][0] % raw[j][1]) * 1000 / raw[j][1]) * 1000
        + ((raw[j][0] % raw[j][1]) * 1000 % raw[j][1]) * 1000 / raw[j][1] END
    ELSE raw[j] END] AS metrics
  WITH k, who, sums, below, metrics, [c IN $conditions | all(clause IN c WHERE any(t IN clause WHERE metrics[t[0]] >= t[1]))] AS holds
  WITH k, who, sums, below, metrics, holds, who[2] AND holds[0] AS met
  WITH k, who, sums, below, metrics, holds, met, met OR (who[2] AND who[3]) AS active
  ORDER BY k
  WITH k / 16384 AS bucket, collect(k) AS ids, collect(who[0]) AS sponsors, collect(sums) AS sums,
    collect([CASE WHEN active THEN 1 ELSE 0 END] + below[1..]) AS actives, collect(metrics) AS metrics,
    collect(met) AS met, collect(active) AS active, collect(holds) AS holds
  WITH bucket, ids, sponsors, sums, actives, metrics, met, active, holds, $depth + 2 AS reach, size($metrics) AS numbers,
    size($conditions) AS rules
  CREATE (:Standing {run_id: $run_id, level: d, bucket: bucket, ids: ids, sponsors: sponsors, met: met, active: active,
    sums: [i IN range(0, size(ids) * $windows - 1) | sums[i / $windows][i % $windows]],
    actives: [i IN range(0, size(ids) * reach - 1) | actives[i / reach][i % reach]],
    metrics: [i IN range(0, size(ids) * numbers - 1) | metrics[i / numbers][i % numbers]],
    holds: [i IN range(0, size(ids) * rules - 1) | holds[i / rules][i % rules]]})
  RETURN sum(size(ids)) AS folded, sum(size([a IN active WHERE a])) AS at_work
}
RETURN coalesce(sum(folded), 0) AS partners, coalesce(sum(at_work), 0) AS active
