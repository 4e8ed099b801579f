// The plans in one currency that have closed a month or are closing it; its rates into that currency stand.
// mode: read
// params: month STRING, target STRING
// rows: many
// returns: plan STRING
MATCH (p:Period)
WHERE p.month = $month AND p.status IN ['closing', 'closed', 'paid']
MATCH (r:Run {id: p.run_id})
MATCH (v:Plan {name: p.plan, version: r.plan_version, currency: $target})
RETURN DISTINCT p.plan AS plan
ORDER BY plan
