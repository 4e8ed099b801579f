// The closed runs whose lines a run takes something of.
// mode: read
// params: run_id STRING
// rows: many
// returns: frozen STRING
MATCH (d:Due {run_id: $run_id})
RETURN DISTINCT d.frozen AS frozen
ORDER BY frozen
