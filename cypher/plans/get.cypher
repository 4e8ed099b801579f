// The document of one version of a plan; without a version, of the newest.
// mode: read
// params: name STRING, version INTEGER?
// rows: maybe
// returns: version INTEGER, document STRING, digest STRING
// allows: NodeByLabelScan - a company has a handful of plan versions
MATCH (p:Plan {name: $name})
WHERE $version IS NULL OR p.version = $version
RETURN p.version AS version, p.document AS document, p.digest AS digest
ORDER BY version DESC
LIMIT 1
