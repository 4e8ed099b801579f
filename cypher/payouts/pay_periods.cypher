// Periods whose money a settled batch took out are paid: everything that their runs posted stood before its cut and was
// available.
// mode: write
// params: currency STRING, cut INTEGER, day DATE
// rows: one
// returns: paid INTEGER
// allows: NodeByLabelScan - periods are few, one a month and plan
MATCH (p:Period {status: 'closed'})
MATCH (v:Plan {name: p.plan})
WHERE v.version >= 1
WITH p, collect(DISTINCT v.currency) AS currencies
WHERE $currency IN currencies
CALL (p) {
  OPTIONAL MATCH (e:LedgerEntry {run_id: p.run_id})
  RETURN max(e.sequence) AS last, max(e.available_on) AS available_on
}
WITH p WHERE last IS NOT NULL AND last <= $cut AND (available_on IS NULL OR available_on <= $day)
SET p.status = 'paid'
RETURN count(p) AS paid
