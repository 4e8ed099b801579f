// The ledger: every entry once, its place in the chain once, and ways to the entries of a partner, of a run and of an account.
CREATE CONSTRAINT ledger_entry IF NOT EXISTS FOR (n:LedgerEntry) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT ledger_sequence IF NOT EXISTS FOR (n:LedgerEntry) REQUIRE n.sequence IS UNIQUE;
CREATE INDEX ledger_block IF NOT EXISTS FOR (n:LedgerEntry) ON (n.block, n.sequence);
CREATE INDEX ledger_run IF NOT EXISTS FOR (n:LedgerEntry) ON (n.run_id);
CREATE CONSTRAINT ledger_head IF NOT EXISTS FOR (n:Ledger) REQUIRE n.name IS UNIQUE;
MERGE (l:Ledger {name: 'ledger'}) ON CREATE SET l.id = randomUUID(), l.sequence = 0, l.digest = '';
