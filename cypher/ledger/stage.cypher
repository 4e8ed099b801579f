// Writes entries that are no part of the ledger yet: they have no sequence, and nobody counts them until `ledger.chain` gives them one.
// mode: write
// params: run_id STRING, entries LIST<MAP>
// rows: one
// returns: staged INTEGER
UNWIND $entries AS one
CREATE (e:LedgerEntry {id: one.id, kind: one.kind, recorded_at: one.recorded_at, actor: one.actor, reason: one.reason,
  currency: one.currency, available_on: one.available_on, plan: one.plan, month: one.month, run_id: $run_id,
  corrects: one.corrects, block: one.block, accounts: one.accounts, amounts: one.amounts, body: one.body})
RETURN count(e) AS staged
