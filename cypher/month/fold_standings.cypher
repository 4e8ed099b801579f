// Everybody's standing, stratum by stratum from the deepest up, and rung by rung in one that holds several levels: summed volumes,
// active people below by distance, every metric of the plan, whether they are active, which conditions hold, the paid-as rank and
// the title (mechanics sections 2 and 5).
// A child hands up one list: [TV of each window …, active at distance 0, 1, … depth, deeper], and, where the plan has ranks, reads
// GV or asks for conditions of the frontline (`lifts` numbers then), [GV of each of groups … unless it broke away, highest paid-as
// rank in the leg, highest title in the leg, whether it broke away, whether each condition of `frontline` … holds]. A condition is
// a list of clauses that all hold; a clause, tests of which any does. `quotients`: some metric is more than one sum.
// Own activity, rank and title are known last; what reads them waits for them. A title is the best of the rank, the title at the
// start and the ranks of the periods that are looked back at, all of which stand in `own` from `start` on.
// mode: write
// params: run_id STRING, tree STRING, level_from INTEGER, level_to INTEGER, windows INTEGER, depth INTEGER, width INTEGER,
//   metrics LIST<MAP>, conditions LIST<LIST>, quotients BOOLEAN, reads_active BOOLEAN, reads_rank BOOLEAN, ranks LIST<INTEGER>,
//   from_title INTEGER, looks_back INTEGER, start INTEGER, forced INTEGER, breakaway INTEGER, groups LIST<INTEGER>,
//   frontline LIST<INTEGER>, lifts INTEGER
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
      null AS volume, null AS leg, null AS seat
    UNION ALL
    MATCH (v:FrozenVolume {run_id: $run_id, level: d})
    WHERE v.window >= 0 AND v.window < $windows
    WITH v.ids AS ids, v.qv AS qv, v.money_minor AS money, v.customer_qv AS customer_qv, v.window AS w
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [w, qv[i], money[i], 0, customer_qv[i], 0] AS volume, null AS leg, null AS seat
    UNION ALL
    MATCH (c:FrozenCount {run_id: $run_id, level: d})
    WHERE c.window >= 0
    WITH c.ids AS ids, c.orders AS orders, c.paying_customers AS paying, c.window AS w
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [w, 0, 0, orders[i], 0, paying[i]] AS volume, null AS leg, null AS seat
    UNION ALL
    MATCH (e:FrozenEvent {run_id: $run_id, level: d})
    WHERE e.window >= 0
    WITH e.ids AS ids, e.counts AS counts, e.kind AS kind, e.window AS w
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [w, 0, 0, 0, 0, 0, kind, counts[i]] AS volume, null AS leg, null AS seat
    UNION ALL
    MATCH (r:Recruits {run_id: $run_id, level: d})
    WITH r.ids AS ids, r.counts AS counts, r.tree AS tree
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, [-1, 0, 0, 0, 0, 0, tree, counts[i]] AS volume, null AS leg, null AS seat
    UNION ALL
    MATCH (s:Standing {run_id: $run_id, feeds: d})
    WITH s.sponsors AS sponsors, s.sums AS sums, s.actives AS actives, s.lifted AS lifted
    UNWIND range(0, size(sponsors) - 1) AS i
    RETURN sponsors[i] AS k, null AS who, null AS volume,
      [j IN range(0, $windows - 1) | sums[i * $windows + j]]
      + [j IN range(0, $depth + 1) | actives[i * ($depth + 2) + j]]
      + [j IN range(0, $lifts - 1) | lifted[i * $lifts + j]] AS leg, null AS seat
    UNION ALL
    MATCH (g:Rungs {run_id: $run_id, tree: $tree, level: d})
    WITH g.ids AS ids, g.rungs AS rungs, g.ups AS ups, g.kids_at AS at, g.kids AS kids
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS who, null AS volume, null AS leg,
      [rungs[i], i, ups[i], [c IN range(at[i], at[i + 1] - 1) | kids[c]]] AS seat
  }
  WITH lift, best, k, head(collect(who)) AS who, collect(volume) AS volumes, collect(leg) AS legs, head(collect(seat)) AS seat
  WHERE who IS NOT NULL
  ORDER BY coalesce(seat[1], k)
  WITH lift, best, CASE WHEN seat IS NULL THEN k / 16384 ELSE -1 END AS part, coalesce(seat[0], 0) AS rung,
    collect({k: k, who: who, volumes: volumes, legs: legs, kids: coalesce(seat[3], []), inside: coalesce(seat[2], -1) >= 0}) AS rows
  ORDER BY rung
  WITH lift, best, part, collect(rows) AS rungs
  // Partner by partner, in the order in which it becomes known: the legs (a), sums over them (b), metrics, what of them activity asks,
  // own activity, rank, title, and what goes up to the parent. `leg` of a row is that in one list.
  WITH reduce(done = [[], []], rung IN rungs | head([level IN [[r IN rung |
    [a IN [{legs: r.legs + [c IN r.kids | done[0][c].leg]}] |
    [b IN [{
      sums: [w IN range(0, $windows - 1) |
        reduce(t = 0, v IN r.volumes | t + CASE WHEN v[0] = w THEN v[1] ELSE 0 END) + reduce(t = 0, l IN a.legs | t + l[w])],
      below: CASE size(a.legs) WHEN 0 THEN [j IN range(0, $depth + 1) | 0]
        ELSE [0] + [j IN range(1, $depth) | reduce(t = 0, l IN a.legs | t + l[$windows + j - 1])]
          + [reduce(t = 0, l IN a.legs | t + l[$windows + $depth] + l[$windows + $depth + 1])] END,
      gvs: [g IN range(0, size($groups) - 1) |
        reduce(t = 0, v IN r.volumes | t + CASE WHEN v[0] = $groups[g] THEN v[1] ELSE 0 END)
        + reduce(t = 0, l IN a.legs | t + l[lift + g])]}] |
    [raw IN [
    [m IN $metrics | CASE m.kind
      WHEN 'sum' THEN reduce(t = 0, v IN r.volumes | t + CASE WHEN v[0] = m.window THEN v[m.column] ELSE 0 END)
      WHEN 'tv' THEN b.sums[m.window]
      // known last, or only once others are
      WHEN 'active' THEN 0 WHEN 'rank' THEN 0 WHEN 'title' THEN 0 WHEN 'running' THEN 0
      WHEN 'active_frontline' THEN b.below[1]
      WHEN 'active_downline' THEN reduce(t = 0, n IN
        CASE WHEN m.argument < 0 THEN b.below ELSE b.below[0..m.argument + 1] END | t + n)
      WHEN 'leg' THEN CASE WHEN size(a.legs) < m.argument THEN 0
        ELSE coll.sort([l IN a.legs | l[m.window]])[size(a.legs) - m.argument] END
      WHEN 'outside_legs' THEN CASE WHEN size(a.legs) <= m.argument THEN 0 ELSE
        reduce(t = 0, x IN coll.sort([l IN a.legs | l[m.window]])[0..size(a.legs) - m.argument] | t + x) END
      WHEN 'legs_with' THEN size([l IN a.legs WHERE l[m.window] >= m.argument])
      WHEN 'customers' THEN r.who[4][0]
      WHEN 'months' THEN r.who[4][1]
      WHEN 'listed' THEN r.who[4][2 + m.argument]
      WHEN 'average' THEN reduce(t = [0, 0], v IN r.volumes | CASE WHEN v[0] = m.window THEN [t[0] + v[2], t[1] + v[3]] ELSE t END)
      WHEN 'share' THEN reduce(t = [0, 0], v IN r.volumes | CASE WHEN v[0] = m.window THEN [t[0] + v[4], t[1] + v[1]] ELSE t END)
      WHEN 'gv' THEN b.gvs[m.column]
      WHEN 'legs_with_paid_as' THEN size([l IN a.legs WHERE l[best] >= m.argument])
      WHEN 'legs_with_title' THEN size([l IN a.legs WHERE l[best + 1] >= m.argument])
      WHEN 'broken_away_legs' THEN size([l IN a.legs WHERE l[best + 2] = 1])
      WHEN 'frontline_with' THEN size([l IN a.legs WHERE l[best + 3 + m.argument] = 1])
      WHEN 'title_at_start' THEN r.who[4][$start]
      WHEN 'title_under' THEN CASE WHEN r.who[4][$start] < m.argument THEN 1 ELSE 0 END
      WHEN 'events' THEN reduce(t = 0, v IN r.volumes | t + CASE WHEN v[0] = m.window AND v[6] = m.argument THEN v[7] ELSE 0 END)
      WHEN 'recruits' THEN reduce(t = 0, v IN r.volumes | t + CASE WHEN v[0] = -1 AND v[6] = m.argument THEN v[7] ELSE 0 END)
      // own PV of the window (where column is 1), all legs together, and the legs themselves
      WHEN 'counted_capped' THEN [m.column * b.sums[m.window] - m.column * reduce(t = 0, l IN a.legs | t + l[m.window]), m.argument]
        + [l IN a.legs | l[m.window]]
      WHEN 'counted_share' THEN [m.column * b.sums[m.window] - m.column * reduce(t = 0, l IN a.legs | t + l[m.window]),
        reduce(t = 0, l IN a.legs | t + l[m.window])] + [l IN a.legs | l[m.window]]
      ELSE 0 END]] |
    // a quotient is two sums until here: an average is cut down, a share is in parts per million, a cap is rounded down
    [found IN [CASE WHEN NOT $quotients THEN raw ELSE [j IN range(0, size(raw) - 1) | CASE $metrics[j].kind
      WHEN 'average' THEN CASE WHEN raw[j][1] = 0 THEN 0 ELSE raw[j][0] / raw[j][1] END
      WHEN 'share' THEN CASE WHEN raw[j][1] <= 0 THEN 0
        ELSE (raw[j][0] / raw[j][1]) * 1000000 + ((raw[j][0] % raw[j][1]) * 1000 / raw[j][1]) * 1000
          + ((raw[j][0] % raw[j][1]) * 1000 % raw[j][1]) * 1000 / raw[j][1] END
      WHEN 'running' THEN raw[$metrics[j].argument] + r.who[4][$start + $metrics[j].column]
      WHEN 'counted_capped' THEN reduce(t = raw[j][0], x IN raw[j][2..] | t + CASE WHEN x < raw[j][1] THEN x ELSE raw[j][1] END)
      WHEN 'counted_share' THEN head([cap IN [CASE WHEN raw[j][1] >= 0
          THEN (raw[j][1] / 1000000) * $metrics[j].argument + (raw[j][1] % 1000000) * $metrics[j].argument / 1000000
          ELSE (raw[j][1] / 1000000) * $metrics[j].argument + ((raw[j][1] % 1000000) * $metrics[j].argument - 999999) / 1000000 END] |
        reduce(t = raw[j][0], x IN raw[j][2..] | t + CASE WHEN x < cap THEN x ELSE cap END)])
      ELSE raw[j] END] END] |
    [asked IN [all(clause IN $conditions[0] WHERE any(t IN clause WHERE found[t[0]] >= t[1]))] |
    [own IN [{met: r.who[2] AND asked, active: r.who[2] AND (asked OR r.who[3])}] |
    [counted IN [CASE WHEN NOT $reads_active OR NOT own.active THEN found ELSE
      [j IN range(0, size(found) - 1) | CASE WHEN $metrics[j].kind = 'active' THEN 1 ELSE found[j] END] END] |
    [held IN [[asked] + [c IN $conditions[1..] | all(clause IN c WHERE any(t IN clause WHERE counted[t[0]] >= t[1]))]] |
    [rank IN [CASE
      WHEN size($ranks) = 0 OR NOT r.who[1] THEN 0
      WHEN r.who[4][$forced] >= 0 THEN r.who[4][$forced]
      ELSE coalesce(head([x IN range(size($ranks), 1, -1) WHERE held[$ranks[x - 1]]]), 0) END] |
    [title IN [reduce(t = rank, x IN r.who[4][$start + $from_title..$start + $looks_back] | CASE WHEN x > t THEN x ELSE t END)] |
    [metrics IN [CASE WHEN NOT $reads_rank THEN counted ELSE [j IN range(0, size(counted) - 1) |
      CASE $metrics[j].kind WHEN 'rank' THEN rank WHEN 'title' THEN title ELSE counted[j] END] END] |
    [holds IN [CASE WHEN NOT $reads_rank THEN held ELSE
      [held[0]] + [c IN $conditions[1..] | all(clause IN c WHERE any(t IN clause WHERE metrics[t[0]] >= t[1]))] END] |
    [up IN [{
      actives: [CASE WHEN own.active THEN 1 ELSE 0 END] + b.below[1..],
      lifted: CASE WHEN $lifts = 0 THEN [] ELSE
        [v IN b.gvs | CASE WHEN $breakaway >= 0 AND holds[$breakaway] THEN 0 ELSE v END]
        + [reduce(t = rank, l IN a.legs | CASE WHEN l[best] > t THEN l[best] ELSE t END),
          reduce(t = title, l IN a.legs | CASE WHEN l[best + 1] > t THEN l[best + 1] ELSE t END),
          CASE WHEN $breakaway >= 0 AND holds[$breakaway] THEN 1 ELSE 0 END]
        + [c IN $frontline | CASE WHEN holds[c] THEN 1 ELSE 0 END] END}] |
    {k: r.k, sponsor: r.who[0], inside: r.inside, start: CASE WHEN size($ranks) = 0 THEN 0 ELSE r.who[4][$start] END,
      sums: b.sums, actives: up.actives, lifted: up.lifted, leg: b.sums + up.actives + up.lifted, metrics: metrics, met: own.met,
      active: own.active, holds: holds, rank: rank, title: title}
    ][0]][0]][0]][0]][0]][0]][0]][0]][0]][0]][0]][0]][0]]] | [level, done[1] + [level]]]))[1] AS levels
  UNWIND levels AS level
  UNWIND level AS row
  WITH row
  ORDER BY row.k
  WITH row.k / 16384 AS bucket, row.inside AS inside, collect(row) AS rows, $depth + 2 AS reach, size($metrics) AS numbers,
    size($conditions) AS rules
  CREATE (:Standing {run_id: $run_id, level: d, feeds: CASE WHEN inside THEN d ELSE d - 1 END, bucket: bucket,
    ids: [r IN rows | r.k], sponsors: [r IN rows | r.sponsor], met: [r IN rows | r.met], active: [r IN rows | r.active],
    ranks: [r IN rows | r.rank], titles: [r IN rows | r.title], starts: [r IN rows | r.start],
    sums: [i IN range(0, size(rows) * $windows - 1) | rows[i / $windows].sums[i % $windows]],
    actives: [i IN range(0, size(rows) * reach - 1) | rows[i / reach].actives[i % reach]],
    lifted: [i IN range(0, size(rows) * $lifts - 1) | rows[i / $lifts].lifted[i % $lifts]],
    metrics: [i IN range(0, size(rows) * numbers - 1) | rows[i / numbers].metrics[i % numbers]],
    holds: [i IN range(0, size(rows) * rules - 1) | rows[i / rules].holds[i % rules]]})
  RETURN sum(size(rows)) AS folded, sum(size([r IN rows WHERE r.active])) AS at_work
}
RETURN coalesce(sum(folded), 0) AS partners, coalesce(sum(at_work), 0) AS active
