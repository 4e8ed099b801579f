// A partner's postings on accounts of its own, oldest first, and what put them there; a page counts entries.
// mode: read
// params: partner_id STRING, after INTEGER, limit INTEGER
// rows: many
// returns: sequence INTEGER, id STRING, kind STRING, recorded_at DATETIME, available_on DATE?, plan STRING, month STRING,
//   run_id STRING, corrects STRING, reason STRING, account STRING, amount_minor INTEGER, currency STRING
MATCH (p:Partner {id: $partner_id})
MATCH (e:LedgerEntry {block: p.seq / 1024})
WHERE e.sequence > $after
WITH e, [i IN range(0, size(e.accounts) - 1) WHERE e.accounts[i] STARTS WITH 'payable/'
  AND substring(e.accounts[i], size(split(e.accounts[i], ':')[0]) + 1) = $partner_id] AS own
WHERE own <> []
WITH e, own ORDER BY e.block, e.sequence LIMIT $limit
UNWIND own AS i
RETURN e.sequence AS sequence, e.id AS id, e.kind AS kind, e.recorded_at AS recorded_at, e.available_on AS available_on,
  e.plan AS plan, e.month AS month, e.run_id AS run_id, e.corrects AS corrects, e.reason AS reason, e.accounts[i] AS account,
  e.amounts[i] AS amount_minor, e.currency AS currency
ORDER BY sequence, account
