// How many arrivals of a bonus the next blocks hold, by level from one on down; what a descent is cut into. The last level that
// is told may have more blocks.
// mode: read
// params: run_id STRING, bonus STRING, level INTEGER, blocks INTEGER
// rows: packed
// returns: level INTEGER, arrivals INTEGER, blocks INTEGER
MATCH (f:Fold {run_id: $run_id, bonus: $bonus})
WHERE f.level >= $level
WITH f ORDER BY f.level LIMIT $blocks
WITH f.level AS level, sum(size(f.ids)) AS arrivals, count(*) AS blocks ORDER BY level
RETURN level, arrivals, blocks
