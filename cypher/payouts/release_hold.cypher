// Releases a hold, under the lock that `payouts.turn` took in this transaction; what it held is available again.
// mode: write
// params: id STRING, actor STRING
// rows: one
// returns: released_at DATETIME
MATCH (h:Hold {id: $id})
SET h.state = 'released', h.released_at = coalesce(h.released_at, datetime.realtime()),
  h.released_by = coalesce(h.released_by, $actor)
RETURN h.released_at AS released_at
