// What an opening says of partners' standings.
// mode: read
// params: run_id STRING
// rows: maybe
// returns: columns LIST<STRING>
MATCH (c:Carried {run_id: $run_id, part: 'standing'})
WHERE c.bucket >= 0
RETURN c.columns AS columns
LIMIT 1
