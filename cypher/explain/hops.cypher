// Frozen standings of named places of a tree, given as [seq, level]. Who has no standing (nobody sold below a newcomer) is not
// active and holds nothing.
// mode: read
// params: run_id STRING, tree STRING, at LIST<LIST>, numbers INTEGER, rules INTEGER
// rows: many
// returns: seq INTEGER, level INTEGER, partner_id STRING, member BOOLEAN, able BOOLEAN, active BOOLEAN, metrics LIST<INTEGER>,
//   holds LIST<BOOLEAN>
UNWIND $at AS place
WITH place[0] AS seq, place[1] AS level
MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: level})
WHERE t.bucket = seq / 16384
WITH seq, level, t, coll.indexOf(t.ids, seq) AS at
WHERE at >= 0
CALL (seq) {
  OPTIONAL MATCH (s:Standing {run_id: $run_id, bucket: seq / 16384})
  WITH s, coalesce(coll.indexOf(s.ids, seq), -1) AS stood
  ORDER BY stood DESC LIMIT 1
  RETURN s, stood
}
RETURN seq, level, t.partner_ids[at] AS partner_id, coalesce(t.member[at], true) AS member, coalesce(t.able[at], true) AS able,
  CASE WHEN stood < 0 THEN false ELSE s.active[stood] END AS active,
  CASE WHEN stood < 0 THEN [j IN range(0, $numbers - 1) | 0] ELSE s.metrics[stood * $numbers..(stood + 1) * $numbers] END AS metrics,
  CASE WHEN stood < 0 THEN [j IN range(0, $rules - 1) | false] ELSE s.holds[stood * $rules..(stood + 1) * $rules] END AS holds
