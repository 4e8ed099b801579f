// All that a source set brings, by source class.
// mode: read
// params: run_id STRING, source STRING
// rows: many
// returns: class INTEGER, base INTEGER
MATCH (s:Source)
WHERE s.run_id = $run_id AND s.source = $source AND s.level >= 0
WITH s.classes AS classes, s.amounts AS amounts
UNWIND range(0, size(classes) - 1) AS i
RETURN classes[i] AS class, sum(amounts[i]) AS base
ORDER BY class
