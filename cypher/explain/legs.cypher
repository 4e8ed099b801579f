// The legs of a partner in a binary bonus of a run: its own volume of the period, and that of its left and right leg.
// mode: read
// params: run_id STRING, bonus STRING, seq INTEGER
// rows: maybe
// returns: own INTEGER, left INTEGER, right INTEGER
MATCH (b:Legs {run_id: $run_id, bonus: $bonus, bucket: $seq / 16384})
WITH b, coll.indexOf(b.ids, $seq) AS at
WHERE at >= 0
RETURN b.own[at] AS own, b.left[at] AS left, b.right[at] AS right
