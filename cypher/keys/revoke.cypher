// Make one key worthless from now on; the moment it was first revoked stays.
// mode: write
// params: id STRING
// rows: maybe
// returns: revoked_at DATETIME
MATCH (k:ApiKey {id: $id})
SET k.revoked_at = coalesce(k.revoked_at, datetime.realtime())
RETURN k.revoked_at AS revoked_at
