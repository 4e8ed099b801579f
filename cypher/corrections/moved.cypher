// What corrections have posted on each account of partners of a closed period's plan.
// mode: read
// params: plan STRING, month STRING
// rows: packed
// returns: account STRING, amount_minor INTEGER
MATCH (c:Correction {plan: $plan, month: $month})
WHERE c.state = 'posted'
MATCH (e:LedgerEntry {run_id: 'correction/' + c.id})
WHERE e.sequence >= 1 AND e.block >= 0
UNWIND range(0, size(e.accounts) - 1) AS i
WITH e.accounts[i] AS account, e.amounts[i] AS amount WHERE account STARTS WITH 'payable/'
WITH account, sum(amount) AS amount_minor
RETURN account, amount_minor
