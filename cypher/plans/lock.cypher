// The lock that publications of plans take turns on, so that two versions cannot pass each other's checks; held until the
// transaction ends.
// mode: write
// params: none
// rows: one
// returns: value INTEGER
MERGE (c:Counter {name: 'plans'})
SET c.value = coalesce(c.value, 0) + 1
RETURN c.value AS value
