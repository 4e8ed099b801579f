// Notes why a correction that waits was not approved; null takes the note back.
// mode: write
// params: id STRING, failure STRING?
// rows: none
// returns: none
MATCH (c:Correction {id: $id})
WHERE c.state = 'proposed'
SET c.failure = $failure
