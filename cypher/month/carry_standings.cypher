// What the partners of a bucket start the next period with: the title, what its rule looks back at, and the running totals, this
// period included. The title steps down only here, from the next period on: after title_periods in a row with a paid-as rank
// below it, it is one rank lower and the count restarts; a window keeps the ranks of the last title_periods - 1.
// mode: write
// params: run_id STRING, tree STRING, bucket INTEGER, columns LIST<STRING>, title_rule STRING, title_periods INTEGER,
//   running LIST<INTEGER>, numbers INTEGER, start INTEGER, width INTEGER
// rows: one
// returns: partners INTEGER
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.ranks AS ranks, s.titles AS titles, s.metrics AS metrics
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [ranks[i], titles[i]] AS held, [m IN $running | metrics[i * $numbers + m]] AS totals, null AS was
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.own AS own
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS held, null AS totals,
    [j IN range($start, $start + size($columns) - 1) | own[i * $width + j]] AS was
}
WITH k, head(collect(held)) AS held, head(collect(totals)) AS totals, head(collect(was)) AS was
WHERE held IS NOT NULL
WITH k, totals, was, held[0] AS rank, held[1] AS title, CASE WHEN held[0] < held[1] THEN was[1] + 1 ELSE 0 END AS below
WITH k, CASE $title_rule
  WHEN '' THEN totals
  WHEN 'kept' THEN [title] + totals
  WHEN 'window' THEN [title, rank][0..$title_periods] + was[1..$title_periods - 1] + totals
  ELSE CASE WHEN below >= $title_periods THEN [title - 1, 0] ELSE [title, below] END + totals END AS row
WHERE any(x IN row WHERE x <> 0)
ORDER BY k
WITH collect(k) AS ids, collect(row) AS rows, size($columns) AS wide
WHERE size(ids) > 0
CREATE (:Carried {run_id: $run_id, part: 'standing', bucket: $bucket, columns: $columns, ids: ids,
  values: [i IN range(0, size(ids) * wide - 1) | rows[i / wide][i % wide]]})
RETURN coalesce(sum(size(ids)), 0) AS partners
