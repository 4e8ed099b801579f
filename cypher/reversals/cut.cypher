// What the limits of a run (`home`) leave of the lines of one bonus of a closed run (`frozen`) that stand in it, with and without each
// order's part; these are that run's own, or waited and were released there. Caps as in
// limits/cut, each with the room that it left a line beside the payee's other lines of that run: those before it in the order of
// the run (`bonuses`, and its own lower steps) have theirs, and those after it (`later`) keep what they got; a line below nothing is
// not cut. Lines stand there as they did when caps ran: limits of the company that ran afterwards (`uncut`) had not cut them.
// Then limits of the company that scaled lines in that run (`scaled`), each by its own limit_minor / paid_minor, rounded down.
// mode: write
// params: run_id STRING, frozen STRING, home STRING, bonus STRING, classes LIST<STRING>, conditions INTEGER, caps LIST<MAP>,
//   uncut LIST<INTEGER>, scaled LIST<MAP>, digits LIST<INTEGER>, unit_minor INTEGER
// rows: one
// returns: parts INTEGER
MATCH (a:Adjustment {run_id: $run_id})
WHERE a.frozen = $frozen AND a.bonus = $bonus AND a.home = $home
WITH a.partner_id AS partner_id, a.seq AS k, a.level AS level, $classes[a.class] AS class, CASE $home WHEN $frozen THEN a.source_id
  ELSE 'held ' + a.month + CASE a.source_id WHEN '' THEN '' ELSE ' ' + a.source_id END END AS source_id,
  collect(a) AS parts
WITH k / 16384 AS bucket, collect([k, [partner_id, level, class, source_id, parts]]) AS mine
CALL (bucket, mine) {
  CALL (bucket, mine) {
    UNWIND mine AS line
    RETURN line[0] AS k, line[1] AS line, null AS holds
    UNION ALL
    MATCH (s:Standing {run_id: $home, bucket: bucket})
    WITH s.ids AS ids, s.holds AS holds
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS line, holds[i * $conditions..(i + 1) * $conditions] AS holds
  }
  WITH k, collect(line) AS found, head(collect(holds)) AS holds
  UNWIND found AS line
  RETURN line, holds
}
WITH line[0] AS partner_id, line[1] AS level, line[2] AS class, line[3] AS source_id, line[4] AS parts, holds
CALL (partner_id, level, class, source_id) {
  CALL (partner_id) {
    MATCH (e:Earning {run_id: $home, partner_id: partner_id}) WHERE e.adjusts IS NULL
    RETURN e
    UNION ALL
    MATCH (e:CappedLine {run_id: $home, partner_id: partner_id})
    RETURN e
  }
  WITH e, level, class, source_id
  WHERE e.bonus = $bonus OR any(c IN $caps WHERE e.bonus IN c.bonuses OR e.bonus IN c.later)
  RETURN collect({bonus: e.bonus, place: CASE
      WHEN e.bonus <> $bonus THEN null
      WHEN e.level = level AND e.class = class AND e.source_id = source_id THEN 0
      WHEN e.level < level OR e.level = level AND (e.class < class OR e.class = class AND e.source_id < source_id) THEN -1
      ELSE 1 END,
    amount: coalesce(head([j IN range(0, coalesce(size(e.cuts), 0) - 2, 2) WHERE e.cuts[j] IN $uncut | e.cuts[j + 1]]),
      CASE WHEN e:CappedLine THEN 0 ELSE e.amount_minor END)}) AS lines
}
WITH parts, lines, [c IN $caps | {cap: c.cap, bonuses: c.bonuses, later: c.later,
  sum: coalesce(head([p IN c.picks WHERE p[0] < 0 OR holds[p[0]]])[1], -1)}] AS caps
WITH parts, reduce(t = 0, x IN lines | t + CASE WHEN x.place = 0 THEN x.amount ELSE 0 END) AS stood,
  [c IN caps WHERE c.sum >= 0 | CASE WHEN c.cap = 'line' THEN [c.sum, 0] ELSE [
    c.sum - reduce(t = 0, x IN lines | t + CASE WHEN x.place = -1 OR x.bonus IN c.bonuses THEN x.amount ELSE 0 END),
    reduce(t = 0, x IN lines | t + CASE WHEN x.place = 1 OR x.bonus IN c.later THEN x.amount ELSE 0 END)] END] AS lefts
WITH parts, coll.min([x IN lefts | coll.max([0, coll.min([x[0], coll.max([stood, x[0] - x[1]])])])]) AS room
UNWIND parts AS a
WITH a, [x IN [a.before_minor, a.after_minor] | CASE WHEN x <= 0 OR room IS NULL OR x <= room THEN x ELSE room END] AS stands
WITH a, reduce(pair = stands, s IN $scaled | [x IN pair | sign(x) * (reduce(t = [0, 0], d IN $digits |
  [t[0] * 100 + (t[1] * 100 + abs(x) * ((s.limit_minor / d) % 100)) / s.paid_minor,
    (t[1] * 100 + abs(x) * ((s.limit_minor / d) % 100)) % s.paid_minor])[0] / $unit_minor) * $unit_minor]) AS stands
SET a.before_minor = stands[0], a.after_minor = stands[1]
RETURN count(*) AS parts
