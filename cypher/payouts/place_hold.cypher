// Holds part of a line, under the lock that `payouts.turn` took in this transaction.
// mode: write
// params: id STRING, run_id STRING, partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING,
//   amount_minor INTEGER, currency STRING, available_on DATE?, reason STRING, public_reason STRING, actor STRING,
//   balances LIST<STRING>, amounts LIST<INTEGER>
// rows: one
// returns: placed_at DATETIME
CREATE (h:Hold {id: $id, run_id: $run_id, partner_id: $partner_id, bonus: $bonus, level: $level, class: $class,
  source_id: $source_id, amount_minor: $amount_minor, currency: $currency, available_on: $available_on, state: 'placed',
  balances: $balances, amounts: $amounts,
  reason: $reason, public_reason: $public_reason, actor: $actor, placed_at: datetime.realtime()})
RETURN h.placed_at AS placed_at
