// Give a key back whose request had no effect: it is as if it had never been sent. Nothing happens where another request holds it.
// mode: write
// params: caller STRING, key STRING, owner STRING
// rows: none
// returns: none
MATCH (k:IdempotencyKey {caller: $caller, key: $key})
SET k.key = k.key
WITH k WHERE k.owner = $owner AND k.status IS NULL
DELETE k
