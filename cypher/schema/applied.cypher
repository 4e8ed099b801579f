// Which migration files were applied to this database, oldest first.
// mode: read
// params: none
// rows: many
// returns: version INTEGER, name STRING, checksum STRING
// allows: NodeByLabelScan - lists every migration there is
MATCH (m:Migration)
WHERE m.checksum IS NOT NULL
RETURN m.version AS version, m.name AS name, m.checksum AS checksum
ORDER BY version
