// The lock of payouts, taken before a hold is looked at; `changed` counts one change more, so that a draft made before is known
// to be old.
// mode: write
// params: changed INTEGER
// rows: one
// returns: changes INTEGER
MERGE (c:Counter {name: 'payouts'})
  ON CREATE SET c.value = 0
SET c.value = c.value + $changed
RETURN c.value AS changes
