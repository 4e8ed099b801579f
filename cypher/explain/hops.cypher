// Frozen standings of named positions, given as [seq, level]; one hop of several walks up at once.
// mode: read
// params: run_id STRING, at LIST<LIST>, numbers INTEGER, rules INTEGER
// rows: many
// returns: seq INTEGER, level INTEGER, partner_id STRING, sponsor INTEGER, member BOOLEAN, able BOOLEAN, active BOOLEAN,
//   metrics LIST<INTEGER>, holds LIST<BOOLEAN>
UNWIND $at AS place
WITH place[0] AS seq, place[1] AS level
MATCH (t:FrozenTree {run_id: $run_id, level: level})
WHERE t.bucket = seq / 16384 AND t.tree = 'sponsor'
WITH seq, level, t, coll.indexOf(t.ids, seq) AS at
WHERE at >= 0
WITH seq, level, t.partner_ids[at] AS partner_id, t.sponsors[at] AS sponsor, t.member[at] AS member, t.able[at] AS able
MATCH (s:Standing {run_id: $run_id, bucket: seq / 16384})
WITH seq, level, partner_id, sponsor, member, able, s, coll.indexOf(s.ids, seq) AS at
WHERE at >= 0
RETURN seq, level, partner_id, sponsor, member, able, s.active[at] AS active,
  s.metrics[at * $numbers..(at + 1) * $numbers] AS metrics, s.holds[at * $rules..(at + 1) * $rules] AS holds
