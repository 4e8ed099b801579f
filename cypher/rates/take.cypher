// The exchange rate of a month as it stands (null: none yet), under its write lock; rolled back when nothing is published.
// mode: write
// params: month STRING, source STRING, target STRING
// rows: one
// returns: rate STRING?
MERGE (r:ExchangeRate {month: $month, source: $source, target: $target})
SET r.month = $month
RETURN r.rate AS rate
