// The limits of one bonus's lines, a bucket of partners at a time: `line` cuts every line, the others run over the payee's lines in
// their order; the line that crosses is cut, later ones are 0. A cap of the partner begins with what the earlier of its bonuses
// pay. What a payee's cap is, its picks say: [condition, sum], -1 is no cap. Taken from what was earned, so that it can be begun
// again; lines stand in chunks of 200, because lists grow by being copied.
// mode: write
// params: run_id STRING, bonus STRING, bucket INTEGER, conditions INTEGER, caps LIST<MAP>
// rows: one
// returns: cut INTEGER
CALL () {
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket}) WHERE t.tree = 'sponsor'
  WITH t.ids AS ids, t.partner_ids AS partner_ids
  UNWIND range(0, size(ids) - 1) AS i
  WITH ids[i] AS k, partner_ids[i] AS partner_id
  CALL (partner_id) {
    MATCH (e:Earning {run_id: $run_id, partner_id: partner_id}) WHERE e.bonus = $bonus
    RETURN e
    UNION ALL
    MATCH (e:CappedLine {run_id: $run_id, partner_id: partner_id}) WHERE e.bonus = $bonus
    RETURN e
  }
  WITH k, partner_id, e ORDER BY e.level, e.class, e.source_id
  WITH k, partner_id, collect(e) AS lines
  RETURN k, {partner_id: partner_id, lines: lines} AS payee, null AS holds
  UNION ALL
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.holds AS holds
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS payee, [j IN range(0, $conditions - 1) | holds[i * $conditions + j]] AS holds
}
WITH k, head(collect(payee)) AS payee, head(collect(holds)) AS holds
WHERE payee IS NOT NULL
WITH payee.partner_id AS partner_id, payee.lines AS lines, [c IN $caps | {limit: c.limit, cap: c.cap, bonuses: c.bonuses,
  sum: coalesce(head([p IN c.picks WHERE p[0] < 0 OR holds[p[0]]])[1], -1)}] AS caps
CALL (partner_id) {
  MATCH (e:Earning {run_id: $run_id, partner_id: partner_id})
  WHERE any(c IN $caps WHERE e.bonus IN c.bonuses)
  RETURN collect([e.bonus, e.amount_minor]) AS paid
}
WITH lines, [c IN caps WHERE c.sum >= 0 | {limit: c.limit, cap: c.cap, room: c.sum - CASE c.cap WHEN 'line' THEN 0 ELSE
  reduce(t = 0, x IN paid | t + CASE WHEN x[0] IN c.bonuses THEN x[1] ELSE 0 END) END}] AS caps
WITH lines, [coll.min([c IN caps WHERE c.cap = 'line' | c.room]), coll.min([c IN caps WHERE c.cap <> 'line' | c.room])] AS rooms, caps,
  [j IN range(0, size(lines) - 1, 200) | [e IN lines[j..j + 200] | e.earned_minor]] AS chunks
// What stands of each line: no more than the tightest cap of a line, nor than what the lines before it left of the tightest
// cap of the partner. A line below nothing is never cut, and leaves room.
WITH lines, rooms, caps, reduce(run = [0, []], chunk IN chunks |
  [done IN [reduce(one = [run[0], []], x IN chunk |
    [y IN [CASE WHEN x <= 0 THEN x ELSE coll.max([0, coll.min([x] +
        CASE WHEN rooms[0] IS NULL THEN [] ELSE [rooms[0]] END + CASE WHEN rooms[1] IS NULL THEN [] ELSE [rooms[1] - one[0]] END)])
      END] | [one[0] + y, one[1] + [[y, one[0]]]]][0])] | [done[0], run[1] + [done[1]]]][0])[1] AS stands
UNWIND range(0, size(lines) - 1) AS j
WITH lines[j] AS e, stands[j / 200][j % 200] AS stand, caps
WITH e, stand[0] AS amount, CASE WHEN stand[0] = e.earned_minor THEN null ELSE
  head([c IN caps WHERE coll.max([0, c.room - CASE c.cap WHEN 'line' THEN 0 ELSE stand[1] END]) = stand[0] | c.limit]) END AS by
SET e.amount_minor = amount, e.cuts = CASE WHEN by IS NULL THEN null ELSE [by, e.earned_minor] END
FOREACH (_ IN CASE WHEN amount = 0 THEN [1] ELSE [] END | REMOVE e:Earning SET e:CappedLine)
FOREACH (_ IN CASE WHEN amount = 0 THEN [] ELSE [1] END | REMOVE e:CappedLine SET e:Earning)
RETURN count(by) AS cut
