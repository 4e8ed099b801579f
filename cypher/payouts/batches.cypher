// The newest batches of payouts, newest first.
// mode: read
// params: limit INTEGER
// rows: many
// returns: id STRING, state STRING, currency STRING, balance STRING, day DATE, cut INTEGER, minimum_minor INTEGER, actor STRING,
//   person STRING, made_at DATETIME, approver STRING?, approver_person STRING?, approved_at DATETIME?, sent_at DATETIME?,
//   sent_by STRING?, settled_at DATETIME?, settled_by STRING?, payouts INTEGER?, amount_minor INTEGER?, left_out STRING?,
//   digest STRING?
// allows: NodeByLabelScan - batches are few, some a month
MATCH (b:PayoutBatch)
WHERE b.id >= ''
RETURN b.id AS id, b.state AS state, b.currency AS currency, b.balance AS balance, b.day AS day, b.cut AS cut,
  b.minimum_minor AS minimum_minor, b.actor AS actor, b.person AS person, b.made_at AS made_at, b.approver AS approver,
  b.approver_person AS approver_person, b.approved_at AS approved_at, b.sent_at AS sent_at, b.sent_by AS sent_by,
  b.settled_at AS settled_at, b.settled_by AS settled_by, b.payouts AS payouts, b.amount_minor AS amount_minor,
  b.left_out AS left_out, b.digest AS digest
ORDER BY made_at DESC, id
LIMIT $limit
