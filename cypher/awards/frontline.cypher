// Who shares what is matched down, a bucket of partners at a time: the qualified under their enroller, laid down by the bucket
// of the enroller, where its lines are found next.
// mode: write
// params: run_id STRING, bonus STRING, bucket INTEGER, conditions INTEGER, qualified INTEGER
// rows: one
// returns: payees INTEGER
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])] AS i
  RETURN ids[i] AS k, null AS sponsor
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket}) WHERE t.tree = 'sponsor' AND t.level >= 0
  WITH t.ids AS ids, t.sponsors AS sponsors
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, sponsors[i] AS sponsor
}
WITH k, count(*) AS seen, max(sponsor) AS sponsor
WHERE seen = 2 AND sponsor >= 0
WITH k, sponsor ORDER BY sponsor, k
WITH sponsor / 16384 AS bucket, collect(sponsor) AS sponsors, collect(k) AS ids
CREATE (:Frontline {run_id: $run_id, bonus: $bonus, bucket: bucket, sponsors: sponsors, ids: ids})
RETURN coalesce(sum(size(ids)), 0) AS payees
