// Whose a partner's volume is in a run: its own where it passes, or its host's; -1: nobody's.
// mode: read
// params: run_id STRING, seq INTEGER
// rows: maybe
// returns: host INTEGER
MATCH (h:Host {run_id: $run_id, bucket: $seq / 16384})
WITH h.hosts AS hosts, h.passes AS passes, coll.indexOf(h.ids, $seq) AS i
WHERE i >= 0
RETURN CASE WHEN passes[i] THEN $seq ELSE hosts[i] END AS host
