// The key of one public id, whether it is still valid or not.
// mode: read
// params: id STRING
// rows: maybe
// returns: digest STRING, role STRING, partner_id STRING?, person STRING, revoked BOOLEAN
MATCH (k:ApiKey {id: $id})
RETURN k.digest AS digest, k.role AS role, k.partner_id AS partner_id, coalesce(k.person, '') AS person,
  k.revoked_at IS NOT NULL AS revoked
