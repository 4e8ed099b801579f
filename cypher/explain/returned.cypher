// What a run takes of orders of a closed run, or posts on it, by seller and order, as that run counted these (in `window`).
// mode: read
// params: run_id STRING, window INTEGER
// rows: packed
// returns: partner_id STRING, name STRING, kind STRING, category STRING, marks LIST<BOOLEAN>, qv INTEGER, cv INTEGER, money INTEGER
MATCH (v:FrozenVolume {run_id: $run_id})
WHERE v.level >= 0 AND v.window = $window
WITH v.ids AS ids, v.order_ids AS names, v.kind AS kind, v.category AS category, coalesce(v.marks, []) AS marks, v.qv AS qv, v.cv AS cv,
  v.money_minor AS money
UNWIND range(0, size(ids) - 1) AS i
MATCH (p:Partner {seq: ids[i]})
RETURN p.id AS partner_id, names[i] AS name, kind, category, marks, qv[i] AS qv, cv[i] AS cv, money[i] AS money
