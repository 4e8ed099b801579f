// What a partner is owed by currency and balance: in all, what still waits for its hold days and until when, and what compliance
// holds of the rest.
// mode: read
// params: partner_id STRING, day DATE
// rows: many
// returns: currency STRING, balance STRING, owed_minor INTEGER, waiting_minor INTEGER, next_on DATE?, held_minor INTEGER
MATCH (n:Partner {id: $partner_id})
MATCH (e:LedgerEntry {block: n.seq / 1024})
WHERE e.sequence >= 1
UNWIND range(0, size(e.accounts) - 1) AS i
WITH e.currency AS currency, e.accounts[i] AS account, e.amounts[i] AS amount, e.available_on AS available_on
WHERE account STARTS WITH 'payable/' AND account ENDS WITH $partner_id
WITH currency, account, amount, available_on, substring(split(account, ':')[0], size('payable/')) AS balance
WHERE account = 'payable/' + balance + ':' + $partner_id
WITH currency, balance, amount, available_on, amount > 0 AND coalesce(available_on > $day, false) AS waits
WITH currency, balance, sum(amount) AS owed_minor, sum(CASE WHEN waits THEN amount ELSE 0 END) AS waiting_minor,
  min(CASE WHEN waits THEN available_on END) AS next_on
CALL (currency, balance) {
  OPTIONAL MATCH (h:Hold {partner_id: $partner_id, state: 'placed'})
  WHERE h.currency = currency AND coalesce(h.available_on <= $day, true)
  WITH [i IN range(0, coalesce(size(h.balances), 0) - 1) WHERE h.balances[i] = balance | h.amounts[i]] AS held
  RETURN sum(coalesce(held[0], 0)) AS held_minor
}
RETURN currency, balance, owed_minor, waiting_minor, next_on, held_minor
ORDER BY currency, balance <> 'main', balance
