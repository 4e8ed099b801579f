// The lock that processes migrating at once take turns on; held until the transaction ends.
// mode: write
// params: none
// rows: one
// returns: version INTEGER
MERGE (m:Migration {version: 0})
SET m.version = 0
RETURN m.version AS version
