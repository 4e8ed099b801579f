// The sponsor tree of the period's last instant, one span of seq at a time, as list columns in blocks of one level and bucket.
// Who joined later stands in the tree (what is sold below must find its way up) but is no member; who is suspended or
// terminated is not able. `own` holds the numbers of the tree that conditions read: customers, whole months since joining,
// then one flag for each list of the plan. `graced` says whether activity was met in one of the periods that grace looks at.
// mode: write
// params: run_id STRING, seq_from INTEGER, seq_to INTEGER, known_at DATETIME, ends_at DATETIME, ends_on DATE, last_day DATE,
//   time_zone STRING, lists LIST<MAP>, count_customers BOOLEAN, count_months BOOLEAN, grace_runs LIST<STRING>
// rows: one
// returns: partners INTEGER, members INTEGER
CALL () {
  MATCH (p:Partner)
  WHERE p.seq >= $seq_from AND p.seq < $seq_to AND p.recorded_at <= $known_at
  RETURN p.seq AS k, false AS graced, p
  UNION ALL
  UNWIND $grace_runs AS earlier
  MATCH (b:Standing {run_id: earlier})
  WHERE b.level >= 0 AND b.bucket >= $seq_from / 16384 AND b.bucket < $seq_to / 16384
  WITH b.ids AS ids, b.met AS met
  UNWIND [i IN range(0, size(ids) - 1) WHERE met[i] | ids[i]] AS k
  RETURN k, true AS graced, null AS p
}
WITH k, max(graced) AS graced, head(collect(p)) AS p
WHERE p IS NOT NULL
OPTIONAL MATCH (p)-[:SPONSORED_BY]->(s:Partner)
WITH k, graced, p, coalesce(s.seq, -1) AS sponsor,
  CASE WHEN p.joined_at IS :: DATE THEN p.joined_at < $ends_on ELSE p.joined_at < $ends_at END AS member,
  CASE WHEN NOT $count_customers THEN 0 ELSE COUNT {
    (p)<-[:REFERRED_BY]-(c:Customer)
    WHERE c.recorded_at <= $known_at
      AND CASE WHEN c.joined_at IS :: DATE THEN c.joined_at < $ends_on ELSE c.joined_at < $ends_at END
  } END AS customers,
  CASE WHEN NOT $count_months THEN 0 ELSE duration.inMonths(
    CASE WHEN p.joined_at IS :: DATE THEN p.joined_at
      ELSE date(datetime({datetime: p.joined_at, timezone: $time_zone})) END, $last_day).months END AS months
ORDER BY k
WITH p.level AS level, k / 16384 AS bucket, collect(k) AS ids, collect(p.id) AS partner_ids, collect(sponsor) AS sponsors,
  collect(member) AS member, collect(member AND p.status = 'active') AS able, collect(graced) AS graced,
  collect([customers, CASE WHEN months < 0 THEN 0 ELSE months END] + [l IN $lists |
    CASE WHEN CASE l.field WHEN 'type' THEN p.type WHEN 'status' THEN p.status ELSE p.country END IN l.values
      THEN 1 ELSE 0 END]) AS own
WITH level, bucket, ids, partner_ids, sponsors, member, able, graced, own, size($lists) + 2 AS width
CREATE (:FrozenTree {run_id: $run_id, level: level, bucket: bucket, ids: ids, partner_ids: partner_ids,
  sponsors: sponsors, member: member, able: able, graced: graced,
  own: [i IN range(0, size(ids) * width - 1) | own[i / width][i % width]]})
RETURN coalesce(sum(size(ids)), 0) AS partners,
  coalesce(sum(size([m IN member WHERE m])), 0) AS members
