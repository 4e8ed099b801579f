// Which ledger this is and its head: sequence and digest of its last entry, 0 and '' while there is none.
// mode: read
// params: none
// rows: one
// returns: ledger_id STRING, sequence INTEGER, digest STRING
MATCH (l:Ledger {name: 'ledger'})
RETURN l.id AS ledger_id, l.sequence AS sequence, l.digest AS digest
