// Begin an intake transaction: wait for the lock that intake and freezes take turns on, reserve numbers, and only then ask the time.
// mode: write
// params: count INTEGER
// rows: one
// returns: first_seq INTEGER, recorded_at DATETIME, periods INTEGER
// allows: NodeByLabelScan - there is one period a plan and month
MATCH (c:Counter {name: 'partner'})
SET c.value = c.value + $count
RETURN c.value - $count AS first_seq, datetime.realtime() AS recorded_at, COUNT { (p:Period) WHERE p.status <> 'open' } AS periods
