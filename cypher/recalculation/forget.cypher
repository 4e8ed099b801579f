// Takes a refund away that was only supposed, and those that dead processes left a day ago.
// mode: write
// params: refund_id STRING, since DATETIME
// rows: one
// returns: forgotten INTEGER
MATCH (r:Refund)
WHERE r.recorded_at >= $since AND r.supposed IS NOT NULL
  AND (r.id = $refund_id OR r.supposed < datetime.realtime() - duration({days: 1}))
DETACH DELETE r
RETURN count(*) AS forgotten
