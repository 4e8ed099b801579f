// One partner's standing in a run: where the frozen tree has it, what it counted, which conditions held.
// mode: read
// params: run_id STRING, partner_id STRING, numbers INTEGER, rules INTEGER
// rows: maybe
// returns: seq INTEGER, level INTEGER, sponsor INTEGER, member BOOLEAN, able BOOLEAN, active BOOLEAN, met BOOLEAN,
//   metrics LIST<INTEGER>, holds LIST<BOOLEAN>
// allows: CartesianProduct - one partner, by its unique id, beside the blocks of one run
MATCH (p:Partner {id: $partner_id})
MATCH (t:FrozenTree {run_id: $run_id})
WHERE t.level >= 0 AND t.bucket = p.seq / 16384 AND t.tree = 'sponsor'
WITH p.seq AS seq, t, coll.indexOf(t.ids, p.seq) AS at
WHERE at >= 0
WITH seq, t.level AS level, t.sponsors[at] AS sponsor, t.member[at] AS member, t.able[at] AS able
OPTIONAL MATCH (s:Standing {run_id: $run_id, bucket: seq / 16384})
WITH seq, level, sponsor, member, able, s, coalesce(coll.indexOf(s.ids, seq), -1) AS at
ORDER BY at DESC LIMIT 1
RETURN seq, level, sponsor, member, able,
  CASE WHEN at < 0 THEN false ELSE s.active[at] END AS active,
  CASE WHEN at < 0 THEN false ELSE s.met[at] END AS met,
  CASE WHEN at < 0 THEN [j IN range(0, $numbers - 1) | 0] ELSE s.metrics[at * $numbers..(at + 1) * $numbers] END AS metrics,
  CASE WHEN at < 0 THEN [j IN range(0, $rules - 1) | false] ELSE s.holds[at * $rules..(at + 1) * $rules] END AS holds
