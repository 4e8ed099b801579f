// Frozen standings of some partners of a tree; `blocks` are level * 1000000 + bucket of where they stand. Who has no standing
// (nobody sold below a newcomer) is not active and holds nothing.
// mode: read
// params: run_id STRING, tree STRING, seqs LIST<INTEGER>, levels LIST<INTEGER>, blocks LIST<INTEGER>, buckets LIST<INTEGER>,
//   numbers INTEGER, rules INTEGER
// rows: many
// returns: seq INTEGER, partner_id STRING, member BOOLEAN, able BOOLEAN, active BOOLEAN, metrics LIST<INTEGER>,
//   holds LIST<BOOLEAN>
CALL () {
  UNWIND $levels AS level
  MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: level})
  WHERE level * 1000000 + t.bucket IN $blocks
  WITH t.ids AS ids, t.partner_ids AS partner_ids, t.member AS member, t.able AS able
  UNWIND [i IN range(0, size(ids) - 1) WHERE ids[i] IN $seqs] AS i
  RETURN ids[i] AS seq, {partner_id: partner_ids[i], member: coalesce(member[i], true), able: coalesce(able[i], true)} AS who,
    null AS stood
  UNION ALL
  UNWIND $buckets AS bucket
  MATCH (s:Standing {run_id: $run_id, bucket: bucket})
  WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE ids[i] IN $seqs] AS i
  RETURN ids[i] AS seq, null AS who, {active: active[i], metrics: [j IN range(0, $numbers - 1) | metrics[i * $numbers + j]],
    holds: [j IN range(0, $rules - 1) | holds[i * $rules + j]]} AS stood
}
WITH seq, head(collect(who)) AS who, head(collect(stood)) AS stood
WHERE who IS NOT NULL
RETURN seq, who.partner_id AS partner_id, who.member AS member, who.able AS able, coalesce(stood.active, false) AS active,
  coalesce(stood.metrics, [j IN range(0, $numbers - 1) | 0]) AS metrics,
  coalesce(stood.holds, [j IN range(0, $rules - 1) | false]) AS holds
