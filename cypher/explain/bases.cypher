// What everybody was paid for by a bonus, by source class and pay code, from what arrived; what verification compares lines with.
// mode: read
// params: run_id STRING, bonus STRING, tree STRING, states INTEGER
// rows: packed
// returns: partner_id STRING, class INTEGER, pay INTEGER, source_id STRING, base INTEGER
MATCH (f:Fold {run_id: $run_id, bonus: $bonus})
WHERE f.level >= 0
WITH f.level AS level, f.bucket AS bucket, f.ids AS ids, f.states AS states, f.moves AS moves, f.volumes AS volumes
MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: level})
WHERE t.bucket = bucket
WITH ids, states, moves, volumes, t.ids AS all_ids, t.partner_ids AS partner_ids
UNWIND [i IN range(0, size(ids) - 1) WHERE moves[i] >= 1000000] AS i
WITH partner_ids[coll.indexOf(all_ids, ids[i])] AS partner_id, (states[i] - 1) / $states AS class, moves[i] / 1000000 AS pay,
  volumes[i] AS volume
WITH partner_id, class, pay, sum(volume) AS base
WHERE base <> 0
RETURN partner_id, class, pay, '' AS source_id, base
