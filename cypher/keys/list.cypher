// Every API key ever made, oldest first; never a secret, nor its digest.
// mode: read
// params: none
// rows: many
// returns: id STRING, role STRING, partner_id STRING?, person STRING, created_at DATETIME, revoked_at DATETIME?
// allows: NodeByLabelScan - lists every key there is
MATCH (k:ApiKey)
WHERE k.created_at IS NOT NULL
RETURN k.id AS id, k.role AS role, k.partner_id AS partner_id, coalesce(k.person, '') AS person,
  k.created_at AS created_at, k.revoked_at AS revoked_at
ORDER BY created_at, id
