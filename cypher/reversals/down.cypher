// What the orders of a run take together of the lines of a sponsor that a closed run (`frozen`) matched down, one part for each of the
// frontline that shared them there, a bucket of sponsors at a time; these lines stand in the runs `homes`: that run, and those that
// closed the earlier periods of its span. What they were then (`reads`: run_id, bonuses, and of which runs' lines the parts count)
// stands with the part.
// mode: write
// params: run_id STRING, frozen STRING, homes LIST<STRING>, month STRING, bonus STRING, bonuses LIST<STRING>, bucket INTEGER,
//   reads LIST<MAP>
// rows: one
// returns: parts INTEGER
MATCH (a:Adjustment {run_id: $run_id})
WHERE a.home IN $homes AND a.bonus IN $bonuses AND a.before_minor <> a.after_minor
WITH min(a.counted_at) AS counted_at, collect([a.seq, a.partner_id, a.after_minor - a.before_minor]) AS lost
UNWIND [x IN lost WHERE x[0] / 16384 = $bucket] AS x
WITH x[0] AS sponsor, x[1] AS partner_id, counted_at, sum(x[2]) AS delta
WHERE delta <> 0
CALL (sponsor) {
  MATCH (f:Frontline {run_id: $frozen, bonus: $bonus, bucket: sponsor / 16384})
  WITH f.ids AS ids, f.sponsors AS sponsors, sponsor
  UNWIND [i IN range(0, size(ids) - 1) WHERE sponsors[i] = sponsor | ids[i]] AS k
  RETURN collect(k) AS payees
}
CALL (partner_id) {
  UNWIND $reads AS read
  MATCH (e:Earning {run_id: read.run_id, partner_id: partner_id})
  WHERE e.bonus IN read.bonuses AND (e.adjusts IS NULL OR read.parts IS NULL OR e.adjusts IN read.parts)
  RETURN coalesce(sum(e.amount_minor), 0) AS was
}
UNWIND payees AS k
MATCH (p:Partner {seq: k})
CREATE (:Adjustment {run_id: $run_id, frozen: $frozen, home: $frozen, month: $month, bonus: $bonus, partner_id: p.id, seq: k, class: 0, pay: 1,
  name: 'changes', source_id: '', counted_at: counted_at, delta: delta, was: was, shared_by: size(payees)})
RETURN count(*) AS parts
