// Take a caller's key for one request, or learn what became of it; the constraint lets one node of it exist, and its write lock
// is taken before it is read. `outcome` is taken (this request runs; also where the one before is given up by its lease), reused
// (it stands for another request), running, or done (the answer that was kept). A key whose time is over is as a new one.
// `effect_id` stays while the key stands for one request, however often that has to be run again.
// mode: write
// params: caller STRING, key STRING, digest STRING, owner STRING, effect_id STRING, lease_seconds INTEGER, days INTEGER
// rows: one
// returns: outcome STRING, effect_id STRING, seconds INTEGER, status INTEGER?, headers STRING?, body STRING?
MERGE (k:IdempotencyKey {caller: $caller, key: $key})
SET k.key = k.key
WITH k, datetime.realtime() AS now
WITH k, now, CASE
  WHEN k.owner IS NULL OR k.kept_until <= now THEN 'new'
  WHEN k.digest <> $digest THEN 'reused'
  WHEN k.status IS NOT NULL THEN 'done'
  WHEN k.lease_until > now AND k.owner <> $owner THEN 'running'
  ELSE 'again' END AS outcome
FOREACH (_ IN CASE outcome WHEN 'new' THEN [1] ELSE [] END |
  SET k.digest = $digest, k.effect_id = $effect_id, k.kept_until = now + duration({days: $days}),
    k.status = null, k.headers = null, k.body = null)
FOREACH (_ IN CASE WHEN outcome IN ['new', 'again'] THEN [1] ELSE [] END |
  SET k.owner = $owner, k.lease_until = now + duration({seconds: $lease_seconds}))
RETURN CASE WHEN outcome IN ['new', 'again'] THEN 'taken' ELSE outcome END AS outcome, k.effect_id AS effect_id,
  duration.inSeconds(now, k.lease_until).seconds AS seconds, k.status AS status, k.headers AS headers, k.body AS body
