// What each partner of the frontline shares of its enroller's lines that are matched down, as these stood then: a limit that ran
// later had not cut them yet.
// mode: read
// params: run_id STRING, bonus STRING, reads LIST<MAP>, later LIST<INTEGER>
// rows: packed
// returns: partner_id STRING, sponsor_id STRING, base INTEGER, payees INTEGER
MATCH (f:Frontline {run_id: $run_id, bonus: $bonus})
WHERE f.bucket >= 0
WITH f.sponsors AS sponsors, f.ids AS ids
UNWIND range(0, size(ids) - 1) AS i
WITH sponsors[i] AS sponsor, collect(ids[i]) AS payees
MATCH (s:Partner {seq: sponsor})
CALL (s) {
  CALL (s) {
    UNWIND $reads AS read
    MATCH (e:Earning {run_id: read.run_id, partner_id: s.id}) WHERE e.bonus IN read.bonuses
      AND (e.adjusts IS NULL OR read.parts IS NULL OR e.adjusts IN read.parts)
    RETURN e, CASE WHEN read.is_own THEN $later ELSE [] END AS later
    UNION ALL
    UNWIND [r IN $reads WHERE r.is_own] AS read
    MATCH (e:CappedLine {run_id: read.run_id, partner_id: s.id}) WHERE e.bonus IN read.bonuses
      AND any(j IN range(0, coalesce(size(e.cuts), 0) - 2, 2) WHERE e.cuts[j] IN $later)
    RETURN e, $later AS later
  }
  WITH coalesce(head([j IN range(0, coalesce(size(e.cuts), 0) - 2, 2) WHERE e.cuts[j] IN later | e.cuts[j + 1]]),
    e.amount_minor) AS amount
  RETURN coalesce(sum(amount), 0) AS base
}
UNWIND payees AS k
MATCH (p:Partner {seq: k})
RETURN p.id AS partner_id, s.id AS sponsor_id, base, size(payees) AS payees
