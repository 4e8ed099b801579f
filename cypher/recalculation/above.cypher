// Who some partners stand under, in each tree that a run froze; nobody's has no row.
// mode: read
// params: run_id STRING, seqs LIST<INTEGER>
// rows: packed
// returns: seq INTEGER, parent INTEGER
UNWIND $seqs AS k
MATCH (t:FrozenTree {run_id: $run_id, bucket: k / 16384})
WITH k, t, coll.indexOf(t.ids, k) AS i
WHERE i >= 0 AND t.sponsors[i] >= 0
WITH DISTINCT k AS seq, t.sponsors[i] AS parent ORDER BY seq, parent
RETURN seq, parent
