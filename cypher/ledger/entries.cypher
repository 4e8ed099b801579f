// Entries of the ledger by sequence, whole, a page after a sequence.
// mode: read
// params: after INTEGER, limit INTEGER
// rows: many
// returns: sequence INTEGER, id STRING, kind STRING, recorded_at DATETIME, actor STRING, reason STRING, currency STRING,
//   available_on DATE?, plan STRING, month STRING, run_id STRING, corrects STRING, block INTEGER, accounts LIST<STRING>,
//   amounts LIST<INTEGER>, body STRING, previous STRING, digest STRING
MATCH (e:LedgerEntry)
WHERE e.sequence > $after
WITH e ORDER BY e.sequence LIMIT $limit
RETURN e.sequence AS sequence, e.id AS id, e.kind AS kind, e.recorded_at AS recorded_at, e.actor AS actor, e.reason AS reason,
  e.currency AS currency, e.available_on AS available_on, e.plan AS plan, e.month AS month, e.run_id AS run_id,
  e.corrects AS corrects, e.block AS block, e.accounts AS accounts, e.amounts AS amounts, e.body AS body, e.previous AS previous,
  e.digest AS digest
