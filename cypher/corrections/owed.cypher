// What the lines of a run owe some partners, by the balance that it stands on, as in ledger/owed; `block` is seq / 1024.
// mode: read
// params: run_id STRING, partner_ids LIST<STRING>, split BOOLEAN
// rows: packed
// returns: block INTEGER, partner_id STRING, balance STRING, amount_minor INTEGER
UNWIND $partner_ids AS partner_id
MATCH (p:Partner {id: partner_id})
CALL (partner_id) {
  WITH partner_id WHERE NOT $split
  MATCH (e:Earning {run_id: $run_id, partner_id: partner_id})
  WITH sum(e.amount_minor) AS amount
  RETURN 'main' AS balance, amount
  UNION ALL
  WITH partner_id WHERE $split
  MATCH (b:Balance {run_id: $run_id, partner_id: partner_id})
  RETURN b.balance AS balance, sum(b.amount_minor) AS amount
  UNION ALL
  WITH partner_id WHERE $split
  RETURN 'main' AS balance, 0 AS amount
}
WITH p.seq / 1024 AS block, partner_id, balance, amount AS amount_minor
ORDER BY block, partner_id, balance
RETURN block, partner_id, balance, amount_minor
