// Gives entries their place in the chain and moves the head of the ledger, under the lock that `ledger.lock` took in this transaction.
// mode: write
// params: links LIST<MAP>, sequence INTEGER, digest STRING
// rows: one
// returns: chained INTEGER
CALL () {
  UNWIND $links AS link
  MATCH (e:LedgerEntry {id: link.id})
  WHERE e.sequence IS NULL
  SET e.sequence = link.sequence, e.previous = link.previous, e.digest = link.digest
  RETURN count(e) AS chained
}
MATCH (l:Ledger {name: 'ledger'})
SET l.sequence = $sequence, l.digest = $digest
RETURN chained
