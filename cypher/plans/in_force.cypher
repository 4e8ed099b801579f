// The document of the version of a plan that applies on a day.
// mode: read
// params: name STRING, day DATE
// rows: maybe
// returns: version INTEGER, document STRING, digest STRING
// allows: NodeByLabelScan - a company has a handful of plan versions
MATCH (p:Plan {name: $name})
WHERE p.valid_from <= $day
RETURN p.version AS version, p.document AS document, p.digest AS digest
ORDER BY version DESC
LIMIT 1
