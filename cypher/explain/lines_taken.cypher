// How many partners of a bucket a matching bonus did not take at what their lines add up to. reads: run_id and bonuses, of the run
// and of those that closed periods of other plans. Where some types are no source of it (not `whole`), who was left out is not looked at.
// mode: read
// params: run_id STRING, source STRING, bucket INTEGER, reads LIST<MAP>, whole BOOLEAN
// rows: one
// returns: differing INTEGER
CALL () {
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = 'sponsor'
  WITH t.ids AS ids, t.partner_ids AS partner_ids
  UNWIND range(0, size(ids) - 1) AS i
  WITH ids[i] AS k, partner_ids[i] AS partner_id
  UNWIND $reads AS read
  MATCH (e:Earning {run_id: read.run_id, partner_id: partner_id})
  WHERE e.bonus IN read.bonuses AND (e.adjusts IS NULL OR read.parts IS NULL OR e.adjusts IN read.parts)
  WITH k, sum(e.amount_minor) AS amount
  RETURN k, amount, null AS taken
  UNION ALL
  MATCH (s:Source {run_id: $run_id, source: $source})
  WHERE s.level >= 0 AND s.bucket = $bucket
  WITH s.ids AS ids, s.amounts AS amounts
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, 0 AS amount, amounts[i] AS taken
}
WITH k, sum(amount) AS amount, sum(taken) AS taken, count(taken) AS taken_up
WHERE amount <> taken AND ($whole OR taken_up > 0)
RETURN count(*) AS differing
