// The head of the ledger, under its write lock: entries join one after another, so that their sequence has no gap.
// mode: write
// params: none
// rows: one
// returns: sequence INTEGER, digest STRING
MATCH (l:Ledger {name: 'ledger'})
SET l.name = l.name
RETURN l.sequence AS sequence, l.digest AS digest
