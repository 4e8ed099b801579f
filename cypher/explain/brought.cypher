// What partners of one level brought themselves at some places, given as seq * 1000 + state; by order where the set keeps them.
// mode: read
// params: run_id STRING, source STRING, starts LIST<INTEGER>, states INTEGER, level INTEGER, at LIST<INTEGER>
// rows: packed
// returns: seq INTEGER, state INTEGER, source_id STRING, amount INTEGER
MATCH (s:Source {run_id: $run_id, source: $source, level: $level})
WITH s.ids AS ids, s.classes AS classes, s.amounts AS amounts, s.order_ids AS order_ids, s.lines AS lines
UNWIND range(0, size(ids) - 1) AS i
UNWIND [x IN $starts WHERE ids[i] * 1000 + classes[i] * $states + x IN $at] AS start
RETURN ids[i] AS seq, classes[i] * $states + start AS state,
  CASE WHEN size(order_ids) = 0 THEN '' ELSE order_ids[i] + '/' + lines[i] END AS source_id, amounts[i] AS amount
