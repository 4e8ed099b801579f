// What every account of the ledger stands at, by currency. Accounts of partners are told together under their balance unless `each`.
// mode: read
// params: each BOOLEAN
// rows: packed
// returns: account STRING, currency STRING, amount_minor INTEGER, postings INTEGER
MATCH (e:LedgerEntry)
WHERE e.sequence >= 1
UNWIND range(0, size(e.accounts) - 1) AS i
WITH e.accounts[i] AS account, e.currency AS currency, e.amounts[i] AS amount
WITH CASE WHEN NOT $each AND account STARTS WITH 'payable/' THEN split(account, ':')[0] ELSE account END AS account, currency,
  sum(amount) AS amount_minor, count(*) AS postings
ORDER BY currency, account
RETURN account, currency, amount_minor, postings
