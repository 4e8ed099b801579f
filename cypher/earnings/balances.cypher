// What every partner's total of a run put on each balance.
// mode: read
// params: run_id STRING
// rows: packed
// returns: partner_id STRING, balance STRING, amount_minor INTEGER, currency STRING
MATCH (b:Balance)
WHERE b.run_id = $run_id AND b.partner_id >= ''
WITH b ORDER BY b.partner_id, b.balance
RETURN b.partner_id AS partner_id, b.balance AS balance, b.amount_minor AS amount_minor, b.currency AS currency
