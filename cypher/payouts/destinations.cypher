// Where a partner's money goes and went, newest first; never more than people may see of it.
// mode: read
// params: partner_id STRING
// rows: many
// returns: number INTEGER, kind STRING, destination STRING, set_at DATETIME, actor STRING, current BOOLEAN
MATCH (d:Destination {partner_id: $partner_id})
WHERE d.number >= 1
RETURN d.number AS number, d.kind AS kind, d.shown AS destination, d.set_at AS set_at, d.actor AS actor,
  d.current_of IS NOT NULL AS current
ORDER BY number DESC
