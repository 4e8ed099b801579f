// At which level of one of a run's trees a partner stands.
// mode: read
// params: run_id STRING, tree STRING, seq INTEGER
// rows: maybe
// returns: level INTEGER
MATCH (t:FrozenTree {run_id: $run_id, bucket: $seq / 16384})
WHERE t.tree = $tree AND $seq IN t.ids
RETURN t.level AS level
