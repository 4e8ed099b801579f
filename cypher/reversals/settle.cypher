// Where the parts of one bonus's lines of a closed run (`frozen`) stand, as these lines wait for a condition: in the first of `runs`
// (that run, and those after it that might release them: [run, index of the condition, how many conditions it had]) in which the
// payee is active and meets it. Where that is none of them, the line still waits or has lapsed (`otherwise`: waits, lapsed); of a line
// that lapsed nothing is taken.
// mode: write
// params: run_id STRING, frozen STRING, bonus STRING, runs LIST<LIST>, otherwise STRING
// rows: one
// returns: parts INTEGER
MATCH (a:Adjustment {run_id: $run_id})
WHERE a.frozen = $frozen AND a.bonus = $bonus
WITH a.seq AS k, collect(a) AS parts
WITH k / 16384 AS bucket, collect([k, parts]) AS payees
CALL (bucket, payees) {
  CALL (bucket, payees) {
    UNWIND payees AS payee
    RETURN payee[0] AS k, payee[1] AS parts, null AS met
    UNION ALL
    UNWIND range(0, size($runs) - 1) AS number
    WITH bucket, number, $runs[number] AS run
    MATCH (s:Standing {run_id: run[0], bucket: bucket})
    WITH number, run, s.ids AS ids, s.active AS active, s.holds AS holds
    UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND holds[i * run[2] + run[1]]] AS i
    RETURN ids[i] AS k, null AS parts, number AS met
  }
  WITH k, collect(parts) AS parts, min(met) AS met
  UNWIND parts AS some
  RETURN some AS parts, met
}
UNWIND parts AS a
SET a.home = CASE WHEN met IS NULL THEN $otherwise ELSE $runs[met][0] END
SET a.before_minor = CASE a.home WHEN 'lapsed' THEN 0 ELSE a.before_minor END,
  a.after_minor = CASE a.home WHEN 'lapsed' THEN 0 ELSE a.after_minor END
RETURN count(*) AS parts
