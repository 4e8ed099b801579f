// A correction under its write lock, so that what is decided on it now still holds when it is written.
// mode: write
// params: id STRING
// rows: maybe
// returns: state STRING, person STRING, approver_person STRING?, digest STRING?
MATCH (c:Correction {id: $id})
SET c.id = c.id
RETURN c.state AS state, c.person AS person, c.approver_person AS approver_person, c.digest AS digest
