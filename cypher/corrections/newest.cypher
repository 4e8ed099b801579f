// The newest corrections, newest first.
// mode: read
// params: limit INTEGER
// rows: many
// returns: id STRING,
//   reason STRING, partners LIST<STRING>, plan STRING, month STRING, closed_run STRING, closed_version INTEGER,
//   plan_version INTEGER, currency STRING, state STRING, failure STRING?, run_id STRING, actor STRING, person STRING,
//   proposed_at DATETIME, lines INTEGER?, amount_minor INTEGER?, digest STRING?, approver STRING?, approver_person STRING?,
//   approved_at DATETIME?, withdrawn_by STRING?, withdrawn_person STRING?, withdrawn_at DATETIME?, withdrawn_reason STRING?
// allows: NodeByLabelScan - corrections are few, some a year
MATCH (c:Correction)
WHERE c.id >= ''
RETURN c.id AS id, c.reason AS reason, c.partners AS partners, c.plan AS plan, c.month AS month, c.closed_run AS closed_run,
  c.closed_version AS closed_version, c.plan_version AS plan_version, c.currency AS currency, c.state AS state,
  c.failure AS failure, c.run_id AS run_id, c.actor AS actor, c.person AS person, c.proposed_at AS proposed_at,
  c.lines AS lines, c.amount_minor AS amount_minor, c.digest AS digest, c.approver AS approver,
  c.approver_person AS approver_person, c.approved_at AS approved_at, c.withdrawn_by AS withdrawn_by,
  c.withdrawn_person AS withdrawn_person, c.withdrawn_at AS withdrawn_at, c.withdrawn_reason AS withdrawn_reason
ORDER BY proposed_at DESC, id
LIMIT $limit
