// Draws the payouts of some blocks of partners from what the ledger owes them: all that stands on one of their balances,
// negative amounts included, without what waits for its hold days and what compliance holds. Whoever has less than the minimum,
// or no destination, is left out. A row tells one outcome: pay, negative, held, minimum or destination, how many partners it has
// and what they have.
// mode: write
// params: batch_id STRING, currency STRING, day DATE, cut INTEGER, minimum_minor INTEGER, balance STRING,
//   blocks LIST<INTEGER>
// rows: many
// returns: outcome STRING, partners INTEGER, amount_minor INTEGER
UNWIND $blocks AS block
CALL (block) {
  MATCH (e:LedgerEntry {block: block})
  WHERE e.sequence >= 1 AND e.sequence <= $cut AND e.currency = $currency
  UNWIND range(0, size(e.accounts) - 1) AS i
  WITH e.accounts[i] AS account, e.amounts[i] AS amount, e.available_on AS available_on
  WITH 'payable/' + $balance + ':' AS own, account, amount, available_on
  WHERE account STARTS WITH own
  WITH substring(account, size(own)) AS partner_id,
    sum(CASE WHEN amount > 0 AND available_on > $day THEN 0 ELSE amount END) AS available_minor
  WHERE available_minor <> 0
  RETURN partner_id, available_minor
}
CALL (partner_id) {
  OPTIONAL MATCH (h:Hold {partner_id: partner_id, state: 'placed'})
  WHERE h.currency = $currency AND coalesce(h.available_on <= $day, true)
  WITH [i IN range(0, coalesce(size(h.balances), 0) - 1) WHERE h.balances[i] = $balance | h.amounts[i]] AS held
  RETURN sum(coalesce(held[0], 0)) AS held_minor
}
OPTIONAL MATCH (d:Destination {current_of: partner_id})
WITH block, partner_id, available_minor - held_minor AS amount_minor, d, CASE
  WHEN available_minor < 0 THEN 'negative'
  WHEN available_minor - held_minor <= 0 THEN 'held'
  WHEN available_minor - held_minor < $minimum_minor THEN 'minimum'
  WHEN d IS NULL THEN 'destination'
  ELSE 'pay' END AS outcome
FOREACH (_ IN CASE outcome WHEN 'pay' THEN [1] ELSE [] END |
  CREATE (:Payout {id: $batch_id + '/' + partner_id, batch_id: $batch_id, partner_id: partner_id, block: block,
    amount_minor: amount_minor, currency: $currency, destination_number: d.number}))
WITH outcome, count(*) AS partners, sum(amount_minor) AS amount_minor
RETURN outcome, partners, amount_minor
ORDER BY outcome
