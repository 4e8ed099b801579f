// In which source classes a partner brought an order to a set of sources, or anything at all where the set does not keep orders apart.
// mode: read
// params: run_id STRING, source STRING, seq INTEGER, order_id STRING?
// rows: many
// returns: class INTEGER, source_id STRING
MATCH (s:Source {run_id: $run_id, source: $source})
WHERE s.level >= 0 AND s.bucket = $seq / 16384
WITH s.ids AS ids, s.classes AS classes, s.order_ids AS order_ids, s.lines AS lines
UNWIND [i IN range(0, size(ids) - 1) WHERE ids[i] = $seq AND (size(order_ids) = 0 OR $order_id IS NULL OR order_ids[i] = $order_id)] AS i
RETURN DISTINCT classes[i] AS class, CASE WHEN size(order_ids) = 0 THEN '' ELSE order_ids[i] + '/' + lines[i] END AS source_id
ORDER BY class, source_id
