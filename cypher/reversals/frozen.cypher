// The closed runs whose lines a run takes something of, and in which of their windows these counted it.
// mode: read
// params: run_id STRING
// rows: many
// returns: frozen STRING, window INTEGER
MATCH (d:Due {run_id: $run_id})
RETURN DISTINCT d.frozen AS frozen, d.window AS window
ORDER BY frozen, window
