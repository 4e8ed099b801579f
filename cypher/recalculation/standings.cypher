// Partners of a bucket whose activity, rank or title is not the same in two runs.
// mode: read
// params: runs LIST<STRING>, bucket INTEGER
// rows: packed
// returns: partner_id STRING, active LIST<BOOLEAN>, ranks LIST<INTEGER>, titles LIST<INTEGER>
UNWIND [0, 1] AS n
MATCH (s:Standing {run_id: $runs[n], bucket: $bucket})
UNWIND range(0, size(s.ids) - 1) AS i
WITH n, s.ids[i] AS k, s.active[i] AS active, s.ranks[i] AS rank, s.titles[i] AS title
ORDER BY k, n
WITH k, collect(active) AS active, collect(coalesce(rank, 0)) AS ranks, collect(coalesce(title, 0)) AS titles
WHERE size(active) = 2 AND (active[0] <> active[1] OR ranks[0] <> ranks[1] OR titles[0] <> titles[1])
MATCH (p:Partner {seq: k})
WITH p.id AS partner_id, active, ranks, titles ORDER BY partner_id
RETURN partner_id, active, ranks, titles
