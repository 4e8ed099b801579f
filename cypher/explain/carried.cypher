// What a run left for the next period of one partner, under the name of a bonus.
// mode: read
// params: run_id STRING, part STRING, seq INTEGER
// rows: maybe
// returns: columns LIST<STRING>, values LIST<INTEGER>
MATCH (c:Carried {run_id: $run_id, part: $part, bucket: $seq / 16384})
WITH c.columns AS columns, c.values AS values, coll.indexOf(c.ids, $seq) AS at
WHERE at >= 0
RETURN columns, values[at * size(columns)..(at + 1) * size(columns)] AS values
