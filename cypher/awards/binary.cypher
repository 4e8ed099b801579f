// The pairings of a binary bonus, a bucket of partners at a time, and what both legs carry on. A leg is its volume of the period
// and what it carried; own volume joins as own_pv says. A pairing takes so many thousandths of the lesser leg against so many of
// the greater for one unit, up to `most` units (0: any number); the first pick whose condition holds says what a unit pays:
// [condition, ppm or -1, numerator, denominator]. taken: every pairing in turn; the first that uses up all whole units of the
// lesser leg, else the last; or the highest of the `steps` that fits. caps: [condition, most], -1 for no cap. What is above the cap
// is paired and lost, or not paired. Lots of a leg stand oldest first, the period's own last; what is used goes oldest first.
// mode: write
// params: run_id STRING, earlier STRING, bonus STRING, bucket INTEGER, tree STRING, conditions INTEGER, qualified INTEGER,
//   own_pv STRING, pairings LIST<MAP>, taken STRING, caps LIST<LIST>, cap_units BOOLEAN, cap_lost BOOLEAN, lots INTEGER,
//   merged BOOLEAN, columns LIST<STRING>, limit INTEGER?, keep_inactive BOOLEAN, value_numerator INTEGER,
//   value_denominator INTEGER, digits LIST<INTEGER>, rounding STRING, unit_minor INTEGER, currency STRING
// rows: one
// returns: lines INTEGER
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i]] AS i
  RETURN ids[i] AS k, [j IN range(0, $conditions - 1) | holds[i * $conditions + j]] AS holds, null AS legs, null AS carried,
    false AS placed
  UNION ALL
  MATCH (b:Legs {run_id: $run_id, bonus: $bonus, bucket: $bucket})
  WITH b.ids AS ids, b.own AS own, b.left AS left, b.right AS right
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS holds, [left[i], right[i], own[i]] AS legs, null AS carried, false AS placed
  UNION ALL
  MATCH (c:Carried {run_id: $earlier, part: $bonus, bucket: $bucket})
  WITH c.ids AS ids, c.values AS values, size(c.columns) AS wide, CASE
    WHEN $merged THEN [leg IN ['left_', 'right_'] | [j IN range(0, size(c.columns) - 1) WHERE c.columns[j] STARTS WITH leg]]
    ELSE [name IN $columns | [j IN range(0, size(c.columns) - 1) WHERE c.columns[j] = name]] END AS at
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS holds, null AS legs, [some IN at | reduce(t = 0, j IN some | t + values[i * wide + j])] AS carried,
    false AS placed
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.legs AS legs
  UNWIND [i IN range(0, size(ids) - 1) WHERE legs[i] >= 0 | ids[i]] AS k
  RETURN k, null AS holds, null AS legs, null AS carried, true AS placed
}
WITH k, head(collect(holds)) AS holds, head(collect(legs)) AS legs, head(collect(carried)) AS carried, max(placed) AS placed
WHERE (legs IS NOT NULL OR carried IS NOT NULL) AND (holds IS NOT NULL OR $keep_inactive)
WITH k, holds, coalesce(legs, [0, 0, 0]) AS legs, coalesce(carried, [c IN $columns | 0]) AS carried,
  holds IS NOT NULL AND placed AND ($qualified < 0 OR holds[$qualified]) AS may
WITH k, holds, legs, may, [carried[..$lots], carried[$lots..]] AS carried
WITH k, holds, legs, may, carried, [l IN [0, 1] | legs[l] + reduce(t = 0, v IN carried[l] | t + v)] AS totals
WITH k, holds, legs, may, carried,
  CASE $own_pv WHEN 'left' THEN 0 WHEN 'right' THEN 1 WHEN 'lesser' THEN CASE WHEN totals[1] < totals[0] THEN 1 ELSE 0 END END AS joins
WITH k, holds, may, [l IN [0, 1] | carried[l] + [legs[l] + CASE joins WHEN l THEN legs[2] ELSE 0 END]] AS lots
WITH k, holds, may, lots, [l IN [0, 1] | reduce(t = 0, v IN lots[l] | t + v)] AS totals,
  head([c IN $caps WHERE c[0] < 0 OR holds[c[0]]])[1] AS cap
WITH k, holds, lots, totals, CASE WHEN cap >= 0 THEN cap END AS cap,
  CASE WHEN totals[1] < totals[0] THEN totals[1] ELSE totals[0] END AS low,
  CASE WHEN totals[1] < totals[0] THEN totals[0] ELSE totals[1] END AS high, may
WITH k, holds, lots, totals, cap, CASE
  WHEN NOT may OR low <= 0 THEN []
  WHEN $taken = 'in_turn' THEN range(0, size($pairings) - 1)
  WHEN $taken = 'steps' THEN coalesce(
    [j IN range(0, size($pairings) - 1) WHERE $pairings[j].lesser <= low
      AND none(i IN range(0, size($pairings) - 1) WHERE $pairings[i].lesser <= low
        AND ($pairings[i].lesser > $pairings[j].lesser OR $pairings[i].lesser = $pairings[j].lesser AND i > j))], [])
  ELSE [coalesce(head([j IN range(0, size($pairings) - 1)
    WHERE low / $pairings[j].lesser <= high / $pairings[j].greater]), size($pairings) - 1)] END AS choices
WITH k, lots, totals, cap, [j IN choices | {step: j, of: $pairings[j],
  pick: coalesce(head([p IN $pairings[j].picks WHERE p[0] < 0 OR holds[p[0]]]), [-1, -1, 0, 1])}] AS choices
// Each pairing in turn: units that the legs have, those that fit under the cap, and what they pay, rounded once by the plan's rule.
// x: the pairing, which leg is the lesser; y: its units; z: those that are paired; a: what these and those paid for are worth.
WITH k, lots, reduce(t = {legs: totals, room: cap, used: [0, 0], lines: []}, c IN choices |
  [x IN [{c: c, low: CASE WHEN t.legs[1] < t.legs[0] THEN 1 ELSE 0 END}] |
  [y IN [{units: CASE WHEN t.legs[x.low] <= 0 THEN 0 ELSE
      [u IN [CASE WHEN t.legs[x.low] / c.of.lesser < t.legs[1 - x.low] / c.of.greater
        THEN t.legs[x.low] / c.of.lesser ELSE t.legs[1 - x.low] / c.of.greater END] |
        CASE WHEN c.of.most > 0 AND u > c.of.most THEN c.of.most ELSE u END][0] END}] |
  [z IN [{units: CASE
      WHEN t.room IS NULL OR $cap_lost OR y.units = 0 THEN y.units
      WHEN $cap_units THEN CASE WHEN y.units < t.room THEN y.units ELSE t.room END
      WHEN c.pick[2] = 0 THEN y.units
      ELSE [fit IN [reduce(f = [0, 0], g IN [n IN $digits | (t.room / n) % 100] |
          [f[0] * 100 + (f[1] * 100 + c.pick[3] * g) / (c.pick[2] * $unit_minor),
            (f[1] * 100 + c.pick[3] * g) % (c.pick[2] * $unit_minor)])[0]] |
        CASE WHEN y.units < fit THEN y.units ELSE fit END][0] END}] |
  [a IN [[n IN [z.units, CASE WHEN t.room IS NOT NULL AND $cap_units AND z.units > t.room THEN t.room ELSE z.units END] |
      [w IN [{whole: (n / c.pick[3]) * c.pick[2], part: reduce(p = [0, 0], g IN [c.pick[2] / 1000000, c.pick[2] % 1000000] |
        [p[0] * 1000000 + (p[1] * 1000000 + (n % c.pick[3]) * g) / c.pick[3],
          (p[1] * 1000000 + (n % c.pick[3]) * g) % c.pick[3]])}] |
        (w.whole + w.part[0] + CASE
          WHEN $rounding = 'half_up' AND 2 * w.part[1] >= c.pick[3] THEN 1
          WHEN $rounding = 'half_even' AND (2 * w.part[1] > c.pick[3]
            OR 2 * w.part[1] = c.pick[3] AND (w.whole + w.part[0]) % 2 = 1) THEN 1
          ELSE 0 END) * $unit_minor][0]]] |
  [paid IN [CASE WHEN t.room IS NOT NULL AND NOT $cap_units AND a[0] > t.room THEN t.room ELSE a[1] END] | {
    legs: [l IN [0, 1] | t.legs[l] - z.units * CASE l WHEN x.low THEN c.of.lesser ELSE c.of.greater END],
    used: [l IN [0, 1] | t.used[l] + z.units * CASE l WHEN x.low THEN c.of.lesser ELSE c.of.greater END],
    room: CASE WHEN t.room IS NULL THEN null
      WHEN $cap_units THEN CASE WHEN z.units > t.room THEN 0 ELSE t.room - z.units END ELSE t.room - paid END,
    lines: t.lines + CASE WHEN paid = 0 THEN [] ELSE [{level: c.step + 1, base: z.units * c.of.lesser, paid: paid,
      rate: CASE WHEN c.pick[1] >= 0 AND paid = a[0] THEN c.pick[1] END}] END
  }][0]][0]][0]][0]][0]) AS done
// What stays of each leg: volume below nothing uses up what is above nothing in the same way, oldest first.
WITH k, done.lines AS lines, [l IN [0, 1] | {lots: lots[l], left: done.legs[l],
  debt: done.used[l] - reduce(t = 0, v IN lots[l] | t + CASE WHEN v < 0 THEN v ELSE 0 END)}] AS legs
WITH k, lines, [g IN legs | CASE WHEN g.left <= 0 THEN [i IN range(1, $lots) | 0] + [g.left] ELSE
  reduce(t = {debt: g.debt, kept: []}, v IN g.lots | CASE
    WHEN v <= 0 THEN {debt: t.debt, kept: t.kept + [0]}
    WHEN v <= t.debt THEN {debt: t.debt - v, kept: t.kept + [0]}
    ELSE {debt: 0, kept: t.kept + [v - t.debt]} END).kept END] AS legs
WITH k, lines, [g IN legs | CASE WHEN $merged THEN [g[0] + g[1]] ELSE g[1..] END] AS legs
WITH k, lines, [g IN legs | CASE WHEN $limit IS NULL THEN g ELSE
  reduce(t = {over: reduce(s = 0, v IN g | s + v) - $limit, kept: []}, v IN g | CASE
    WHEN t.over <= 0 OR v <= 0 THEN {over: t.over, kept: t.kept + [v]}
    WHEN v <= t.over THEN {over: t.over - v, kept: t.kept + [0]}
    ELSE {over: 0, kept: t.kept + [v - t.over]} END).kept END] AS legs
ORDER BY k
WITH collect({k: k, lines: lines, row: legs[0] + legs[1]}) AS rows
CALL (rows) {
  WITH [r IN rows WHERE any(v IN r.row WHERE v <> 0)] AS kept
  WHERE kept <> []
  CREATE (:Carried {run_id: $run_id, part: $bonus, bucket: $bucket, columns: $columns, ids: [r IN kept | r.k],
    values: [i IN range(0, size(kept) * size($columns) - 1) | kept[i / size($columns)].row[i % size($columns)]]})
  RETURN count(*) AS carried
}
CALL (rows) {
  UNWIND rows AS r
  UNWIND r.lines AS d
  WITH r.k AS k, d, (d.base / $value_denominator) * $value_numerator AS whole,
    reduce(t = [0, 0], g IN [$value_numerator / 1000000, $value_numerator % 1000000] |
      [t[0] * 1000000 + (t[1] * 1000000 + (d.base % $value_denominator) * g) / $value_denominator,
        (t[1] * 1000000 + (d.base % $value_denominator) * g) % $value_denominator]) AS part
  MATCH (p:Partner {seq: k})
  CREATE (:Earning {run_id: $run_id, partner_id: p.id, bonus: $bonus, level: d.level, class: '', source_id: '', base: d.base,
    base_minor: whole + part[0] + CASE WHEN $rounding = 'half_up' AND 2 * part[1] >= $value_denominator THEN 1
      WHEN $rounding = 'half_even' AND (2 * part[1] > $value_denominator
        OR 2 * part[1] = $value_denominator AND (whole + part[0]) % 2 = 1) THEN 1 ELSE 0 END,
    rate_ppm: d.rate, amount_minor: d.paid, earned_minor: d.paid, currency: $currency})
  RETURN count(*) AS lines
}
RETURN lines
