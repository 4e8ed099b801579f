// What the lines of a run owe each partner of a bucket, by the balance that it stands on: `main`, but where the plan splits totals.
// A block is seq / 1024. Who comes to nothing in all has no row.
// mode: read
// params: run_id STRING, bucket INTEGER, split BOOLEAN
// rows: packed
// returns: block INTEGER, partner_id STRING, balance STRING, amount_minor INTEGER
MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket}) WHERE t.tree = 'sponsor'
UNWIND range(0, size(t.ids) - 1) AS i
WITH t.ids[i] AS k, t.partner_ids[i] AS partner_id
CALL (partner_id) {
  WITH partner_id WHERE NOT $split
  MATCH (e:Earning {run_id: $run_id, partner_id: partner_id})
  WITH sum(e.amount_minor) AS amount
  RETURN 'main' AS balance, amount
  UNION ALL
  WITH partner_id WHERE $split
  MATCH (b:Balance {run_id: $run_id, partner_id: partner_id})
  RETURN b.balance AS balance, sum(b.amount_minor) AS amount
}
WITH k, partner_id, balance, amount WHERE amount <> 0
ORDER BY k, balance
RETURN k / 1024 AS block, partner_id, balance, amount AS amount_minor
