// Fixes the instant after which nothing recorded counts for this run. Intake takes the counter's lock before it takes its own
// time, so whoever holds it is waited for here, and whoever comes later is recorded later.
// mode: write
// params: run_id STRING
// rows: one
// returns: known_at DATETIME, partners INTEGER
MATCH (c:Counter {name: 'partner'})
SET c.name = c.name
WITH c
MATCH (r:Run {id: $run_id})
SET r.known_at = coalesce(r.known_at, datetime.realtime())
RETURN r.known_at AS known_at, c.value AS partners
