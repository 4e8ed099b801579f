// The sponsor tree of the period's last instant, one span of seq at a time, as list columns in blocks of one stratum and bucket.
// Who joined later stands in the tree (what is sold below must find its way up) but is no member; who is suspended or
// terminated is not able. `graced` says whether activity was met in one of the periods that grace looks at. `own` holds the
// numbers of a partner that conditions read: customers, whole months since joining, one flag for each list of the plan, one number
// for each of its `readings` of closed periods (`held`: whether a rank is held there, `paid`: what was paid there), then what the
// period before carried (columns `carried`, of which the first `ranked` hold a rank, given in today's ranks by
// `rank_map`), and, where the plan has ranks, the rank set by hand for the period (-1: none was).
// mode: write
// params: run_id STRING, seq_from INTEGER, seq_to INTEGER, known_at DATETIME, ends_at DATETIME, ends_on DATE, last_day DATE,
//   time_zone STRING, lists LIST<MAP>, count_customers BOOLEAN, count_months BOOLEAN, grace_runs LIST<STRING>,
//   carried_run STRING?, carried LIST<STRING>, ranked INTEGER, rank_map LIST<INTEGER>, plan STRING, month STRING,
//   ranks LIST<STRING>, strata LIST<INTEGER>, readings INTEGER, held LIST<MAP>, paid LIST<MAP>
// rows: one
// returns: partners INTEGER, members INTEGER
CALL () {
  MATCH (p:Partner)
  WHERE p.seq >= $seq_from AND p.seq < $seq_to AND p.recorded_at <= $known_at
  RETURN p.seq AS k, false AS graced, null AS carry, -1 AS forced, null AS told, p
  UNION ALL
  UNWIND $grace_runs AS earlier
  MATCH (b:Standing {run_id: earlier})
  WHERE b.level >= 0 AND b.bucket >= $seq_from / 16384 AND b.bucket < $seq_to / 16384
  WITH b.ids AS ids, b.met AS met
  UNWIND [i IN range(0, size(ids) - 1) WHERE met[i] | ids[i]] AS k
  RETURN k, true AS graced, null AS carry, -1 AS forced, null AS told, null AS p
  UNION ALL
  // an opening says who was active in the period before the first one
  UNWIND $grace_runs AS earlier
  MATCH (c:Carried {run_id: earlier, part: 'standing'})
  WHERE c.bucket >= $seq_from / 16384 AND c.bucket < $seq_to / 16384 AND 'met' IN c.columns
  WITH c.ids AS ids, c.values AS values, size(c.columns) AS wide, coll.indexOf(c.columns, 'met') AS at
  UNWIND [i IN range(0, size(ids) - 1) WHERE values[i * wide + at] = 1 | ids[i]] AS k
  RETURN k, true AS graced, null AS carry, -1 AS forced, null AS told, null AS p
  UNION ALL
  MATCH (c:Carried {run_id: $carried_run, part: 'standing'})
  WHERE c.bucket >= $seq_from / 16384 AND c.bucket < $seq_to / 16384
  WITH c.ids AS ids, c.values AS values, size(c.columns) AS wide, [name IN $carried | coll.indexOf(c.columns, name)] AS at
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, false AS graced, [j IN range(0, size(at) - 1) | CASE
    WHEN at[j] < 0 THEN 0
    WHEN j < $ranked THEN $rank_map[values[i * wide + at[j]]]
    ELSE values[i * wide + at[j]] END] AS carry, -1 AS forced, null AS told, null AS p
  UNION ALL
  MATCH (f:ForcedRank {plan: $plan, month: $month})
  WHERE f.at <= $known_at
  WITH f ORDER BY f.at, f.number
  WITH f.partner_id AS partner_id, last(collect(f.rank)) AS rank
  MATCH (p:Partner {id: partner_id})
  WHERE p.seq >= $seq_from AND p.seq < $seq_to
  RETURN p.seq AS k, false AS graced, null AS carry,
    CASE rank WHEN 'none' THEN 0 ELSE coalesce(head([r IN range(1, size($ranks)) WHERE $ranks[r - 1] = rank]), -1) END AS forced,
    null AS told, null AS p
  UNION ALL
  UNWIND $held AS h
  MATCH (b:Standing {run_id: h.run_id})
  WHERE b.level >= 0 AND b.bucket >= $seq_from / 16384 AND b.bucket < $seq_to / 16384
  WITH h, b.ids AS ids, CASE h.as WHEN 'title' THEN b.titles ELSE b.ranks END AS ranks
  UNWIND [i IN range(0, size(ids) - 1) WHERE ranks[i] >= h.need | ids[i]] AS k
  RETURN k, false AS graced, null AS carry, -1 AS forced, [h.number, 1] AS told, null AS p
  UNION ALL
  // an opening says which ranks were held in the period that it stands for
  UNWIND [h IN $held WHERE h.opening] AS h
  MATCH (c:Carried {run_id: h.run_id, part: 'standing'})
  WHERE c.bucket >= $seq_from / 16384 AND c.bucket < $seq_to / 16384 AND h.as IN c.columns
  WITH h, c.ids AS ids, c.values AS values, size(c.columns) AS wide, coll.indexOf(c.columns, h.as) AS at
  UNWIND [i IN range(0, size(ids) - 1) WHERE values[i * wide + at] >= h.need | ids[i]] AS k
  RETURN k, false AS graced, null AS carry, -1 AS forced, [h.number, 1] AS told, null AS p
  UNION ALL
  UNWIND $paid AS r
  MATCH (p:Partner)
  WHERE p.seq >= $seq_from AND p.seq < $seq_to
  MATCH (e:Earning {run_id: r.run_id, partner_id: p.id})
  WHERE r.bonuses IS NULL OR e.bonus IN r.bonuses
    OR e.bonus IN r.deductions AND any(name IN r.bonuses WHERE e.class = name OR e.class STARTS WITH name + ' ')
  WITH p.seq AS k, r.number AS number, sum(e.amount_minor) AS amount
  RETURN k, false AS graced, null AS carry, -1 AS forced, [number, amount] AS told, null AS p
}
WITH k, max(graced) AS graced, head(collect(carry)) AS carry, max(forced) AS forced, collect(told) AS told, head(collect(p)) AS p
WHERE p IS NOT NULL
OPTIONAL MATCH (p)-[:SPONSORED_BY]->(s:Partner)
WITH k, graced, p, p.level AS depth, coalesce(s.seq, -1) AS sponsor,
  [j IN range(0, $readings - 1) | reduce(t = 0, x IN [y IN told WHERE y[0] = j] | t + x[1])]
  + coalesce(carry, [c IN $carried | 0]) + CASE WHEN size($ranks) = 0 THEN [] ELSE [forced] END AS state,
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
WITH coalesce($strata[depth], -1) AS level, k / 16384 AS bucket, collect(k) AS ids, collect(depth) AS depths,
  collect(p.id) AS partner_ids, collect(sponsor) AS sponsors, collect(member) AS member,
  collect(member AND p.status = 'active') AS able, collect(graced) AS graced,
  collect([customers, CASE WHEN months < 0 THEN 0 ELSE months END] + [l IN $lists |
    CASE WHEN CASE l.field WHEN 'type' THEN p.type IN l.values WHEN 'status' THEN p.status IN l.values
      WHEN 'tag' THEN any(tag IN p.tags WHERE tag IN l.values) ELSE p.country IN l.values END
      THEN 1 ELSE 0 END] + state) AS own
WITH level, bucket, ids, depths, partner_ids, sponsors, member, able, graced, own, size(own[0]) AS width
CREATE (:FrozenTree {run_id: $run_id, tree: 'sponsor', level: level, bucket: bucket, ids: ids, depths: depths,
  partner_ids: partner_ids, sponsors: sponsors, member: member, able: able, graced: graced,
  own: [i IN range(0, size(ids) * width - 1) | own[i / width][i % width]]})
RETURN coalesce(sum(size(ids)), 0) AS partners,
  coalesce(sum(size([m IN member WHERE m])), 0) AS members
