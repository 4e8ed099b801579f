// Where the fold and the walk from above disagree on a payee's base at a step: must be nowhere.
// mode: read
// params: run_id STRING, bonus STRING, base STRING, kinds LIST<STRING>, categories LIST<STRING>?, steps INTEGER, deepest INTEGER
// rows: one
// returns: compared INTEGER, differing INTEGER
CALL () {
  UNWIND range(0, $deepest) AS d
  CALL (d) {
    CALL (d) {
      MATCH (b:Payees {run_id: $run_id, bonus: $bonus, level: d})
      WITH b.ids AS ids, b.payees AS payees
      UNWIND range(0, size(ids) - 1) AS i
      RETURN ids[i] AS k, [j IN range(0, $steps - 1) | payees[i * $steps + j]] AS payees, 0 AS own
      UNION ALL
      MATCH (f:FrozenVolume {run_id: $run_id, level: d})
      WHERE f.window = 0 AND f.kind IN $kinds AND ($categories IS NULL OR f.category IN $categories)
      WITH f.ids AS ids, CASE $base WHEN 'cv' THEN f.cv WHEN 'qv' THEN f.qv ELSE f.money_minor END AS own
      UNWIND range(0, size(ids) - 1) AS i
      RETURN ids[i] AS k, null AS payees, own[i] AS own
    }
    WITH k, head(collect(payees)) AS payees, sum(own) AS own
    WHERE own <> 0
    UNWIND range(0, $steps - 1) AS j
    WITH payees[j] AS payee, j, own
    WHERE payee >= 0
    RETURN payee, j, sum(own) AS base
  }
  RETURN payee, j, base
  UNION ALL
  MATCH (b:Fold {run_id: $run_id, bonus: $bonus})
  WHERE b.level >= 0
  WITH b.ids AS ids, b.base AS bases
  UNWIND range(0, size(bases) - 1) AS i
  WITH ids[i / $steps] AS payee, i % $steps AS j, bases[i] AS base
  WHERE base <> 0
  RETURN payee, j, -base AS base
}
WITH payee, j, sum(base) AS difference
RETURN count(*) AS compared, sum(CASE WHEN difference = 0 THEN 0 ELSE 1 END) AS differing
