// A batch under its write lock and under that of payouts, so that what is decided on it now still holds when it is written;
// `current` says whether no hold changed since it was made.
// mode: write
// params: batch_id STRING
// rows: maybe
// returns: state STRING, person STRING, approver_person STRING?, currency STRING, balance STRING, payouts INTEGER?,
//   amount_minor INTEGER?, digest STRING?, current BOOLEAN, cut INTEGER, day DATE
MATCH (c:Counter {name: 'payouts'})
SET c.name = c.name
WITH c
MATCH (b:PayoutBatch {id: $batch_id})
SET b.id = b.id
RETURN b.state AS state, b.person AS person, b.approver_person AS approver_person, b.currency AS currency, b.balance AS balance,
  b.payouts AS payouts, b.amount_minor AS amount_minor, b.digest AS digest, b.changes = c.value AS current,
  b.cut AS cut, b.day AS day
