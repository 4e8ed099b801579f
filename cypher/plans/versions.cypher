// Every version of one plan, or of all plans, oldest first.
// mode: read
// params: name STRING?
// rows: many
// returns: name STRING, version INTEGER, valid_from DATE, currency STRING, digest STRING, published_at DATETIME
// allows: NodeByLabelScan - a company has a handful of plan versions
MATCH (p:Plan)
WHERE $name IS NULL OR p.name = $name
RETURN p.name AS name, p.version AS version, p.valid_from AS valid_from, p.currency AS currency, p.digest AS digest,
  p.published_at AS published_at
ORDER BY name, version
