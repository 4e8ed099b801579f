// What one partner took at each step of a bonus, and what reached it and was passed on.
// mode: read
// params: run_id STRING, bonus STRING, seq INTEGER, level INTEGER, steps INTEGER, width INTEGER
// rows: maybe
// returns: base LIST<INTEGER>, passed LIST<INTEGER>
MATCH (b:Fold {run_id: $run_id, bonus: $bonus, level: $level})
WHERE b.bucket = $seq / 16384
WITH b, coll.indexOf(b.ids, $seq) AS at
WHERE at >= 0
RETURN b.base[at * $steps..(at + 1) * $steps] AS base, b.up[at * $width..(at + 1) * $width] AS passed
