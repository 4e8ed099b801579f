// The ranks that a partner had in a closed period; of an opening, those that it says.
// mode: read
// params: run_id STRING, seq INTEGER, opening BOOLEAN
// rows: maybe
// returns: paid_as INTEGER, title INTEGER
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $seq / 16384})
  WITH s, coll.indexOf(s.ids, $seq) AS at
  WHERE at >= 0
  RETURN s.ranks[at] AS paid_as, s.titles[at] AS title
  UNION ALL
  MATCH (c:Carried {run_id: $run_id, part: 'standing', bucket: $seq / 16384})
  WHERE $opening
  WITH c, coll.indexOf(c.ids, $seq) AS at, size(c.columns) AS wide, coll.indexOf(c.columns, 'paid_as') AS paid,
    coll.indexOf(c.columns, 'title') AS title
  WHERE at >= 0
  RETURN CASE WHEN paid < 0 THEN 0 ELSE c.values[at * wide + paid] END AS paid_as,
    CASE WHEN title < 0 THEN 0 ELSE c.values[at * wide + title] END AS title
}
RETURN paid_as, title
LIMIT 1
