// Sets where a partner's money goes; the same again changes nothing. The partner's lock is taken first.
// mode: write
// params: partner_id STRING, kind STRING, token STRING, digest STRING, shown STRING, actor STRING
// rows: one
// returns: number INTEGER, set_at DATETIME, changed BOOLEAN
MATCH (n:Partner {id: $partner_id})
SET n.id = n.id
WITH n
OPTIONAL MATCH (d:Destination {current_of: $partner_id})
WITH d, d IS NULL OR d.kind <> $kind OR d.token <> $token OR d.digest <> $digest AS changed
CALL (d, changed) {
  WITH d WHERE NOT changed
  RETURN d AS now
  UNION ALL
  WITH d WHERE changed
  SET d.current_of = null
  CREATE (now:Destination {partner_id: $partner_id, number: coalesce(d.number, 0) + 1, current_of: $partner_id, kind: $kind,
    token: $token, digest: $digest, shown: $shown, set_at: datetime.realtime(), actor: $actor})
  RETURN now
}
RETURN now.number AS number, now.set_at AS set_at, changed
