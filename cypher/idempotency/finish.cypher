// Keep the answer of the request that holds a key, for so many days from now. No row: another request holds it by now.
// mode: write
// params: caller STRING, key STRING, owner STRING, status INTEGER, headers STRING, body STRING, days INTEGER
// rows: maybe
// returns: kept_until DATETIME
MATCH (k:IdempotencyKey {caller: $caller, key: $key})
SET k.key = k.key
WITH k WHERE k.owner = $owner
SET k.status = $status, k.headers = $headers, k.body = $body, k.kept_until = datetime.realtime() + duration({days: $days})
RETURN k.kept_until AS kept_until
