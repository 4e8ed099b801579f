// What the company sold in a period, as it was sold (in `window`), by kind and category of order and by the marks that it bears:
// without what is a part of closed lines instead, and as conditions and goals count it, with that (`counted_qv`).
// mode: read
// params: run_id STRING, window INTEGER
// rows: packed
// returns: kind STRING, category STRING, marks LIST<BOOLEAN>, qv INTEGER, cv INTEGER, money INTEGER, counted_qv INTEGER
MATCH (f:FrozenVolume)
WHERE f.run_id = $run_id AND f.level >= 0 AND f.window = $window
WITH f.kind AS kind, f.category AS category, coalesce(f.marks, []) AS marks, f.qv AS qv, f.cv AS cv, f.money_minor AS money,
  CASE WHEN coalesce(f.reversed, false) THEN 0 ELSE 1 END AS once
UNWIND range(0, size(qv) - 1) AS i
RETURN kind, category, marks, sum(once * qv[i]) AS qv, sum(once * cv[i]) AS cv, sum(once * money[i]) AS money, sum(qv[i]) AS counted_qv
