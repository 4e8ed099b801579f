// Every fund of a run: what it was made of, how it was shared, and what it left to which.
// mode: read
// params: run_id STRING
// rows: many
// returns: bonus STRING, base INTEGER, own_minor INTEGER, added_minor INTEGER, fund_minor INTEGER, rest_minor INTEGER,
//   next_fund STRING
MATCH (f:Fund {run_id: $run_id})
RETURN f.bonus AS bonus, f.base AS base, f.own_minor AS own_minor, f.added_minor AS added_minor, f.fund_minor AS fund_minor,
  f.rest_minor AS rest_minor, f.next_fund AS next_fund
