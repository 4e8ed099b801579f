// Gives a correction up that was never posted; `corrections.take` locked it in this transaction.
// mode: write
// params: id STRING, actor STRING, person STRING, reason STRING
// rows: one
// returns: withdrawn_at DATETIME
MATCH (c:Correction {id: $id})
WHERE c.state IN ['making', 'failed', 'proposed']
SET c.state = 'withdrawn', c.open_of = null, c.withdrawn_by = $actor, c.withdrawn_person = $person,
  c.withdrawn_reason = $reason, c.withdrawn_at = datetime.realtime()
RETURN c.withdrawn_at AS withdrawn_at
