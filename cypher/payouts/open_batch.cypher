// Opens a batch of payouts, or takes up one whose making was interrupted, under the lock of payouts. `outcome` is opened, resumed
// (to be made anew), busy (its maker may still be alive), made, different (the id stands for other payouts) or another (the
// currency has a draft of that balance). What counts is what the ledger has at this moment, up to `cut`.
// mode: write
// params: id STRING, currency STRING, balance STRING, day DATE, minimum_minor INTEGER, owner STRING, actor STRING, person STRING,
//   lease_seconds INTEGER
// rows: one
// returns: outcome STRING, state STRING, cut INTEGER, other_id STRING?
MERGE (c:Counter {name: 'payouts'})
  ON CREATE SET c.value = 0
SET c.name = c.name
WITH c
MATCH (l:Ledger {name: 'ledger'})
OPTIONAL MATCH (b:PayoutBatch {id: $id})
OPTIONAL MATCH (other:PayoutBatch {draft_of: $currency + '/' + $balance})
WITH c, l, b, other, CASE
  WHEN b IS NULL AND other IS NULL THEN 'opened'
  WHEN b IS NULL THEN 'another'
  WHEN b.currency <> $currency OR b.balance <> $balance OR b.day <> $day THEN 'different'
  WHEN b.state <> 'making' THEN 'made'
  WHEN b.lease_until > datetime.realtime() AND b.owner <> $owner THEN 'busy'
  ELSE 'resumed' END AS outcome
FOREACH (_ IN CASE outcome WHEN 'opened' THEN [1] ELSE [] END |
  CREATE (:PayoutBatch {id: $id, draft_of: $currency + '/' + $balance, currency: $currency, balance: $balance, day: $day,
    state: 'making', cut: l.sequence,
    changes: c.value, minimum_minor: $minimum_minor, owner: $owner, actor: $actor, person: $person,
    made_at: datetime.realtime(), lease_until: datetime.realtime() + duration({seconds: $lease_seconds})}))
FOREACH (_ IN CASE outcome WHEN 'resumed' THEN [1] ELSE [] END |
  SET b.cut = l.sequence, b.changes = c.value, b.minimum_minor = $minimum_minor, b.owner = $owner, b.actor = $actor,
    b.person = $person, b.made_at = datetime.realtime(),
    b.lease_until = datetime.realtime() + duration({seconds: $lease_seconds}))
RETURN outcome, coalesce(b.state, 'making') AS state, l.sequence AS cut, other.id AS other_id
