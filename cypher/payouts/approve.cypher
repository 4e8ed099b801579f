// A second person approves a draft that `payouts.take` locked in this transaction; its currency may have a next draft from here
// on.
// mode: write
// params: batch_id STRING, actor STRING, person STRING
// rows: one
// returns: approved_at DATETIME
MATCH (b:PayoutBatch {id: $batch_id})
WHERE b.state = 'draft' AND b.person <> $person
SET b.state = 'approved', b.draft_of = null, b.approver = $actor, b.approver_person = $person, b.approved_at = datetime.realtime()
RETURN b.approved_at AS approved_at
