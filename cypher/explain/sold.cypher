// What the company sold in a period, as it was sold (in `window`), by kind and category of order and by the marks that it bears.
// mode: read
// params: run_id STRING, window INTEGER
// rows: packed
// returns: kind STRING, category STRING, marks LIST<BOOLEAN>, qv INTEGER, cv INTEGER, money INTEGER
MATCH (f:FrozenVolume)
WHERE f.run_id = $run_id AND f.level >= 0 AND f.window = $window AND NOT coalesce(f.reversed, false)
WITH f.kind AS kind, f.category AS category, coalesce(f.marks, []) AS marks, f.qv AS qv, f.cv AS cv, f.money_minor AS money
UNWIND range(0, size(qv) - 1) AS i
RETURN kind, category, marks, sum(qv[i]) AS qv, sum(cv[i]) AS cv, sum(money[i]) AS money
