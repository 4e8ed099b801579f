// Every period that is closed or being closed: its bounds, by which date it counted, and until when it knew.
// mode: read
// params: none
// rows: many
// returns: plan STRING, month STRING, status STRING, counted_by STRING?, starts_at STRING?, ends_at STRING?, starts_on STRING?,
//   ends_on STRING?, known_at STRING?
// allows: NodeByLabelScan - there is one period a plan and month
MATCH (p:Period)
WHERE p.status <> 'open'
OPTIONAL MATCH (r:Run {id: p.run_id})
RETURN p.plan AS plan, p.month AS month, p.status AS status, p.counted_by AS counted_by,
       toString(p.starts_at) AS starts_at, toString(p.ends_at) AS ends_at,
       toString(p.starts_on) AS starts_on, toString(p.ends_on) AS ends_on, toString(r.known_at) AS known_at
ORDER BY month, plan
