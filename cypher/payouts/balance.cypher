// What a partner is owed by currency: in all, what still waits for its hold days and until when, and what compliance holds of the
// rest.
// mode: read
// params: partner_id STRING, account STRING, day DATE
// rows: many
// returns: currency STRING, owed_minor INTEGER, waiting_minor INTEGER, next_on DATE?, held_minor INTEGER
MATCH (n:Partner {id: $partner_id})
MATCH (e:LedgerEntry {block: n.seq / 1024})
WHERE e.sequence >= 1
WITH e, [i IN range(0, size(e.accounts) - 1) WHERE e.accounts[i] = $account][0] AS i
WHERE i IS NOT NULL
WITH e.currency AS currency, e.amounts[i] AS amount, e.available_on AS available_on
WITH currency, amount, available_on, amount > 0 AND coalesce(available_on > $day, false) AS waits
WITH currency, sum(amount) AS owed_minor, sum(CASE WHEN waits THEN amount ELSE 0 END) AS waiting_minor,
  min(CASE WHEN waits THEN available_on END) AS next_on
CALL (currency) {
  OPTIONAL MATCH (h:Hold {partner_id: $partner_id, state: 'placed'})
  WHERE h.currency = currency AND coalesce(h.available_on <= $day, true)
  RETURN coalesce(sum(h.amount_minor), 0) AS held_minor
}
RETURN currency, owed_minor, waiting_minor, next_on, held_minor
ORDER BY currency
