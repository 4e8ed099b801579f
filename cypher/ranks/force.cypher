// Sets a rank by hand; the caller holds the period's lock. Earlier decisions stay: the last one counts.
// mode: write
// params: plan STRING, month STRING, partner_id STRING, rank STRING, number INTEGER, reason STRING, actor STRING
// rows: one
// returns: at DATETIME
CREATE (f:ForcedRank {plan: $plan, month: $month, partner_id: $partner_id, rank: $rank, number: $number, reason: $reason,
  actor: $actor, at: datetime.realtime()})
RETURN f.at AS at
