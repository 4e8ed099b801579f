// Sets the exchange rate of a month; the caller holds its lock and has checked that it may.
// mode: write
// params: month STRING, source STRING, target STRING, rate STRING
// rows: one
// returns: published_at DATETIME
MATCH (r:ExchangeRate {month: $month, source: $source, target: $target})
SET r.rate = $rate, r.published_at = datetime.realtime()
RETURN r.published_at AS published_at
