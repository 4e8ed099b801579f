// The documents of every version of every plan, oldest first.
// mode: read
// params: none
// rows: many
// returns: name STRING, version INTEGER, valid_from DATE, document STRING
// allows: NodeByLabelScan - a company has a handful of plan versions
MATCH (p:Plan)
RETURN p.name AS name, p.version AS version, p.valid_from AS valid_from, p.document AS document
ORDER BY name, version
