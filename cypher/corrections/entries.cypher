// What a correction posted, by account, and what its entries say that they correct.
// mode: read
// params: group STRING
// rows: many
// returns: id STRING, corrects STRING, account STRING, amount_minor INTEGER
MATCH (e:LedgerEntry {run_id: $group})
WHERE e.sequence >= 1
UNWIND range(0, size(e.accounts) - 1) AS i
RETURN e.id AS id, e.corrects AS corrects, e.accounts[i] AS account, e.amounts[i] AS amount_minor
ORDER BY id, account
