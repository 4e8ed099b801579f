// Every exchange rate into one currency, of all months.
// mode: read
// params: target STRING
// rows: packed
// returns: month STRING, source STRING, rate STRING
// allows: NodeByLabelScan - rates are few, some a month
MATCH (r:ExchangeRate)
WHERE r.target = $target AND r.rate IS NOT NULL
RETURN r.month AS month, r.source AS source, r.rate AS rate
