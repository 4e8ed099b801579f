// What partners of some levels brought themselves at some places, given as seq * 1000 + state; by order where the set keeps them
// apart. How many sources, all together, the largest `shown` of them, and the bases of the orders that are named.
// mode: read
// params: run_id STRING, source STRING, starts LIST<INTEGER>, states INTEGER, level_from INTEGER, level_to INTEGER,
//   at LIST<INTEGER>, shown INTEGER, orders LIST<STRING>
// rows: one
// returns: sources INTEGER, base INTEGER, largest LIST<MAP>, named LIST<INTEGER>
MATCH (s:Source {run_id: $run_id, source: $source})
WHERE s.level >= $level_from AND s.level <= $level_to
WITH s.level AS level, s.ids AS ids, s.classes AS classes, s.amounts AS amounts, s.order_ids AS order_ids, s.lines AS lines
UNWIND range(0, size(ids) - 1) AS i
UNWIND [x IN $starts WHERE ids[i] * 1000 + classes[i] * $states + x IN $at] AS start
WITH level, ids[i] AS seq, CASE WHEN size(order_ids) = 0 THEN '' ELSE order_ids[i] + '/' + lines[i] END AS source_id,
  min(classes[i] * $states + start) AS state, sum(amounts[i]) AS amount
WHERE amount <> 0
WITH level, seq, source_id, state, amount
ORDER BY abs(amount) DESC, seq, source_id
RETURN count(*) AS sources, coalesce(sum(amount), 0) AS base,
  collect({level: level, seq: seq, source_id: source_id, state: state, base: amount})[..$shown] AS largest,
  collect(CASE WHEN source_id IN $orders THEN amount END) AS named
