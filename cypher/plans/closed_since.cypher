// The last month, from a month on, that a plan has closed or is closing; a new version may not reach back into it.
// mode: read
// params: name STRING, month STRING
// rows: maybe
// returns: month STRING, status STRING
MATCH (p:Period {plan: $name})
WHERE p.month >= $month AND p.status IN ['closing', 'closed', 'paid']
RETURN p.month AS month, p.status AS status
ORDER BY month DESC
LIMIT 1
