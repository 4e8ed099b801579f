// One payout failed or came back; the entry puts its money back on what the partner is owed. `payouts.take` locked its batch in
// this transaction.
// mode: write
// params: payout_id STRING, state STRING, reason STRING, entry_id STRING
// rows: one
// returns: ended_at DATETIME
MATCH (p:Payout {id: $payout_id})
WHERE p.state IS NULL
SET p.state = $state, p.reason = $reason, p.entry_id = $entry_id, p.ended_at = datetime.realtime()
RETURN p.ended_at AS ended_at
