// Everybody's standing, level by level from the deepest up: summed volumes, active people below by distance, every metric of
// the plan, whether they are active, which conditions hold, the paid-as rank and the title (mechanics sections 2 and 5).
// A child hands up one list: [TV of each window …, active at distance 0, 1, … depth, deeper], and, where the plan has ranks or
// reads GV (`lifts` numbers then), [GV of each of groups … unless it broke away, highest paid-as rank in the leg, highest title in
// the leg, whether it broke away]. A condition is a list of clauses that all hold; a clause, tests of which any does.
// Own activity, rank and title are known last; what reads them waits for them. A title is the best of the rank, the title at the
// start and the ranks of the periods that are looked back at, all of which stand in `own` from `start` on.
// mode: write
// params: run_id STRING, tree STRING, level_from INTEGER, level_to INTEGER, windows INTEGER, depth INTEGER, width INTEGER,
//   metrics LIST<MAP>, conditions LIST<LIST>, reads_active BOOLEAN, reads_rank BOOLEAN, ranks LIST<INTEGER>,
//   from_title INTEGER, looks_back INTEGER, start INTEGER, forced INTEGER, breakaway INTEGER, groups LIST<INTEGER>, lifts INTEGER
// rows: one
// returns: partners INTEGER, active INTEGER
WITH $windows + $depth + 2 AS lift, $windows + $depth + 2 + size($groups) AS best
UNWIND range($level_from, $level_to, -1) AS d
CALL (d, lift, best) {
  CALL (d) {
    MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: d})
    WITH t.ids AS ids, t.sponsors AS sponsors, t.member AS member, t.able AS able, t.graced AS graced, t.own AS own
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, [sponsors[i], member[i], able[i], graced[i], [j IN range(0, $width - 1) | own[i * $width + j]]] AS who,
      null AS volume, null AS leg
    UNION ALL
    MATCH (v:FrozenVolume {run_id: $run_id, level: d})
    WHERE v.window >= 0
    WITH v.ids AS ids, v.qv AS qv, v.money_minor AS money, v.customer_qv AS customer_qv, v.window AS w
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [w, qv[i], money[i], 0, customer_qv[i], 0] AS volume, null AS leg
    UNION ALL
    MATCH (c:FrozenCount {run_id: $run_id, level: d})
    WHERE c.window >= 0
    WITH c.ids AS ids, c.orders AS orders, c.paying_customers AS paying, c.window AS w
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [w, 0, 0, orders[i], 0, paying[i]] AS volume, null AS leg
    UNION ALL
    MATCH (e:FrozenEvent {run_id: $run_id, level: d})
    WHERE e.window >= 0
    WITH e.ids AS ids, e.counts AS counts, e.kind AS kind, e.window AS w
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [w, 0, 0, 0, 0, 0, kind, counts[i]] AS volume, null AS leg
    UNION ALL
    MATCH (r:Recruits {run_id: $run_id, level: d})
    WITH r.ids AS ids, r.counts AS counts, r.tree AS tree
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [-1, 0, 0, 0, 0, 0, tree, counts[i]] AS volume, null AS leg
    UNION ALL
    MATCH (s:Standing {run_id: $run_id, level: d + 1})
    WITH s.sponsors AS sponsors, s.sums AS sums, s.actives AS actives, s.lifted AS lifted
    UNWIND range(0, size(sponsors) - 1) AS i
    RETURN sponsors[i] AS k, null AS who, null AS volume,
      [j IN range(0, $windows - 1) | sums[i * $windows + j]]
      + [j IN range(0, $depth + 1) | actives[i * ($depth + 2) + j]]
      + [j IN range(0, $lifts - 1) | lifted[i * $lifts + j]] AS leg
  }
  WITH lift, best, k, head(collect(who)) AS who, collect(volume) AS volumes, collect(leg) AS legs
  WHERE who IS NOT NULL
  WITH lift, best, k, who, volumes, legs,
    [w IN range(0, $windows - 1) |
      reduce(t = 0, v IN volumes | t + CASE WHEN v[0] = w THEN v[1] ELSE 0 END) + reduce(t = 0, l IN legs | t + l[w])] AS sums,
    CASE size(legs) WHEN 0 THEN [j IN range(0, $depth + 1) | 0]
      ELSE [0] + [j IN range(1, $depth) | reduce(t = 0, l IN legs | t + l[$windows + j - 1])]
        + [reduce(t = 0, l IN legs | t + l[$windows + $depth] + l[$windows + $depth + 1])] END AS below,
    [g IN range(0, size($groups) - 1) | reduce(t = 0, v IN volumes | t + CASE WHEN v[0] = $groups[g] THEN v[1] ELSE 0 END)
      + reduce(t = 0, l IN legs | t + l[lift + g])] AS gvs
  WITH lift, best, k, who, legs, sums, below, gvs, [m IN $metrics | CASE m.kind
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
    WHEN 'share' THEN reduce(t = [0, 0], v IN volumes | CASE WHEN v[0] = m.window THEN [t[0] + v[4], t[1] + v[1]] ELSE t END)
    WHEN 'gv' THEN gvs[m.column]
    WHEN 'legs_with_paid_as' THEN size([l IN legs WHERE l[best] >= m.argument])
    WHEN 'legs_with_title' THEN size([l IN legs WHERE l[best + 1] >= m.argument])
    WHEN 'broken_away_legs' THEN size([l IN legs WHERE l[best + 2] = 1])
    WHEN 'title_at_start' THEN who[4][$start]
    WHEN 'title_under' THEN CASE WHEN who[4][$start] < m.argument THEN 1 ELSE 0 END
    WHEN 'events' THEN reduce(t = 0, v IN volumes | t + CASE WHEN v[0] = m.window AND v[6] = m.argument THEN v[7] ELSE 0 END)
    WHEN 'recruits' THEN reduce(t = 0, v IN volumes | t + CASE WHEN v[0] = -1 AND v[6] = m.argument THEN v[7] ELSE 0 END)
    // own PV of the window (where column is 1), all legs together, and the legs themselves
    WHEN 'counted_capped' THEN [m.column * sums[m.window] - m.column * reduce(t = 0, l IN legs | t + l[m.window]), m.argument]
      + [l IN legs | l[m.window]]
    WHEN 'counted_share' THEN [m.column * sums[m.window] - m.column * reduce(t = 0, l IN legs | t + l[m.window]),
      reduce(t = 0, l IN legs | t + l[m.window])] + [l IN legs | l[m.window]]
    ELSE 0 END] AS raw
  // A quotient is two sums until here: an average is cut down, a share is in parts per million, a cap is rounded down.
  WITH best, k, who, legs, sums, below, gvs, [j IN range(0, size(raw) - 1) | CASE $metrics[j].kind
    WHEN 'average' THEN CASE WHEN raw[j][1] = 0 THEN 0 ELSE raw[j][0] / raw[j][1] END
    WHEN 'share' THEN CASE WHEN raw[j][1] <= 0 THEN 0
      ELSE (raw[j][0] / raw[j][1]) * 1000000 + ((raw[j][0] % raw[j][1]) * 1000 / raw[j][1]) * 1000
        + ((raw[j][0] % raw[j][1]) * 1000 % raw[j][1]) * 1000 / raw[j][1] END
    WHEN 'running' THEN raw[$metrics[j].argument] + who[4][$start + $metrics[j].column]
    WHEN 'counted_capped' THEN reduce(t = raw[j][0], x IN raw[j][2..] | t + CASE WHEN x < raw[j][1] THEN x ELSE raw[j][1] END)
    WHEN 'counted_share' THEN head([cap IN [CASE WHEN raw[j][1] >= 0
        THEN (raw[j][1] / 1000000) * $metrics[j].argument + (raw[j][1] % 1000000) * $metrics[j].argument / 1000000
        ELSE (raw[j][1] / 1000000) * $metrics[j].argument + ((raw[j][1] % 1000000) * $metrics[j].argument - 999999) / 1000000 END] |
      reduce(t = raw[j][0], x IN raw[j][2..] | t + CASE WHEN x < cap THEN x ELSE cap END)])
    ELSE raw[j] END] AS metrics
  WITH best, k, who, legs, sums, below, gvs, metrics,
    all(clause IN $conditions[0] WHERE any(t IN clause WHERE metrics[t[0]] >= t[1])) AS asked
  WITH best, k, who, legs, sums, below, gvs, metrics, asked, who[2] AND asked AS met, who[2] AND (asked OR who[3]) AS active
  WITH best, k, who, legs, sums, below, gvs, asked, met, active, CASE WHEN NOT $reads_active OR NOT active THEN metrics ELSE
    [j IN range(0, size(metrics) - 1) | CASE WHEN $metrics[j].kind = 'active' THEN 1 ELSE metrics[j] END] END AS metrics
  WITH best, k, who, legs, sums, below, gvs, met, active, metrics,
    [asked] + [c IN $conditions[1..] | all(clause IN c WHERE any(t IN clause WHERE metrics[t[0]] >= t[1]))] AS holds
  WITH best, who, k, legs, sums, below, gvs, met, active, metrics, holds, CASE
    WHEN size($ranks) = 0 OR NOT who[1] THEN 0
    WHEN who[4][$forced] >= 0 THEN who[4][$forced]
    ELSE coalesce(head([r IN range(size($ranks), 1, -1) WHERE holds[$ranks[r - 1]]]), 0) END AS rank
  WITH best, who, k, legs, sums, below, gvs, met, active, metrics, holds, rank,
    reduce(t = rank, x IN who[4][$start + $from_title..$start + $looks_back] | CASE WHEN x > t THEN x ELSE t END) AS title
  WITH best, who, k, legs, sums, below, gvs, met, active, holds, rank, title, CASE WHEN NOT $reads_rank THEN metrics ELSE
    [j IN range(0, size(metrics) - 1) |
      CASE $metrics[j].kind WHEN 'rank' THEN rank WHEN 'title' THEN title ELSE metrics[j] END] END AS metrics
  WITH best, who, k, legs, sums, below, gvs, met, active, rank, title, metrics, CASE WHEN NOT $reads_rank THEN holds ELSE
    [holds[0]] + [c IN $conditions[1..] | all(clause IN c WHERE any(t IN clause WHERE metrics[t[0]] >= t[1]))] END AS holds
  WITH who, k, sums, below, met, active, rank, title, metrics, holds, CASE WHEN $lifts = 0 THEN [] ELSE
    [v IN gvs | CASE WHEN $breakaway >= 0 AND holds[$breakaway] THEN 0 ELSE v END]
    + [reduce(t = rank, l IN legs | CASE WHEN l[best] > t THEN l[best] ELSE t END),
      reduce(t = title, l IN legs | CASE WHEN l[best + 1] > t THEN l[best + 1] ELSE t END),
      CASE WHEN $breakaway >= 0 AND holds[$breakaway] THEN 1 ELSE 0 END] END AS lifted
  ORDER BY k
  WITH k / 16384 AS bucket, collect(k) AS ids, collect(who[0]) AS sponsors, collect(sums) AS sums,
    collect([CASE WHEN active THEN 1 ELSE 0 END] + below[1..]) AS actives, collect(metrics) AS metrics,
    collect(met) AS met, collect(active) AS active, collect(holds) AS holds, collect(lifted) AS lifted,
    collect(rank) AS ranks, collect(title) AS titles, collect(CASE WHEN size($ranks) = 0 THEN 0 ELSE who[4][$start] END) AS starts
  WITH bucket, ids, sponsors, sums, actives, metrics, met, active, holds, lifted, ranks, titles, starts, $depth + 2 AS reach,
    size($metrics) AS numbers, size($conditions) AS rules
  CREATE (:Standing {run_id: $run_id, level: d, bucket: bucket, ids: ids, sponsors: sponsors, met: met, active: active,
    ranks: ranks, titles: titles, starts: starts,
    sums: [i IN range(0, size(ids) * $windows - 1) | sums[i / $windows][i % $windows]],
    actives: [i IN range(0, size(ids) * reach - 1) | actives[i / reach][i % reach]],
    lifted: [i IN range(0, size(ids) * $lifts - 1) | lifted[i / $lifts][i % $lifts]],
    metrics: [i IN range(0, size(ids) * numbers - 1) | metrics[i / numbers][i % numbers]],
    holds: [i IN range(0, size(ids) * rules - 1) | holds[i / rules][i % rules]]})
  RETURN sum(size(ids)) AS folded, sum(size([a IN active WHERE a])) AS at_work
}
RETURN coalesce(sum(folded), 0) AS partners, coalesce(sum(at_work), 0) AS active
