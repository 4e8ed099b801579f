// Which of some partners had a place in the sponsor tree of a run.
// mode: read
// params: run_id STRING, partner_ids LIST<STRING>
// rows: packed
// returns: partner_id STRING
MATCH (t:FrozenTree {run_id: $run_id})
WHERE t.level >= 0 AND t.tree = 'sponsor'
WITH t.partner_ids AS placed
UNWIND placed AS partner_id
WITH partner_id WHERE partner_id IN $partner_ids
RETURN partner_id
