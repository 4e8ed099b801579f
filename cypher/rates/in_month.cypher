// The exchange rates published for a month, into one currency or into all.
// mode: read
// params: month STRING, target STRING?
// rows: many
// returns: source STRING, target STRING, rate STRING, published_at DATETIME
// allows: NodeByLabelScan - a company publishes a handful of rates a month
MATCH (r:ExchangeRate {month: $month})
WHERE $target IS NULL OR r.target = $target
RETURN r.source AS source, r.target AS target, r.rate AS rate, r.published_at AS published_at
ORDER BY target, source
