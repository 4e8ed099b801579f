// Delete some of the keys whose time is over. Their lock is taken before the time is read again, so one that is just being taken
// anew stays.
// mode: write
// params: count INTEGER
// rows: one
// returns: purged INTEGER
MATCH (k:IdempotencyKey)
WHERE k.kept_until < datetime.realtime()
WITH k LIMIT $count
SET k.key = k.key
WITH k WHERE k.kept_until < datetime.realtime()
DELETE k
RETURN count(*) AS purged
