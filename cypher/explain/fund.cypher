// The fund of a pool or the goal of a group in a run, and at which place a partner shares it (-1: at none).
// mode: read
// params: run_id STRING, bonus STRING, seq INTEGER
// rows: maybe
// returns: base INTEGER, own_minor INTEGER, added_minor INTEGER, fund_minor INTEGER, weights INTEGER, first INTEGER, place INTEGER,
//   rest_minor INTEGER
MATCH (f:Fund {run_id: $run_id})
WHERE f.bonus = $bonus
RETURN f.base AS base, f.own_minor AS own_minor, f.added_minor AS added_minor, f.fund_minor AS fund_minor, f.weights AS weights,
  f.first AS first, coll.indexOf(f.ids, $seq) AS place, f.rest_minor AS rest_minor
