// Remember that a migration file was applied, with the checksum it had.
// mode: write
// params: version INTEGER, name STRING, checksum STRING
// rows: none
// returns: none
MERGE (m:Migration {version: $version})
SET m.name = $name, m.checksum = $checksum, m.applied_at = coalesce(m.applied_at, datetime.realtime())
