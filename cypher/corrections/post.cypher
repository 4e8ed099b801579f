// A second person approves a correction that `corrections.take` locked in this transaction; its period may have a next one from
// here on.
// mode: write
// params: id STRING, actor STRING, person STRING
// rows: one
// returns: approved_at DATETIME
MATCH (c:Correction {id: $id})
WHERE c.state = 'proposed' AND c.person <> $person
SET c.state = 'posted', c.open_of = null, c.failure = null, c.approver = $actor, c.approver_person = $person,
  c.approved_at = datetime.realtime()
RETURN c.approved_at AS approved_at
