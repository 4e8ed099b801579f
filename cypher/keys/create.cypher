// Keep a new API key: its public id, the digest of its secret, its role, whose cabinet it opens, and which person's it is.
// mode: write
// params: id STRING, digest STRING, role STRING, partner_id STRING?, person STRING
// rows: one
// returns: created_at DATETIME
MERGE (k:ApiKey {id: $id})
ON CREATE SET k.digest = $digest, k.role = $role, k.partner_id = $partner_id, k.person = $person,
  k.created_at = datetime.realtime()
RETURN k.created_at AS created_at
