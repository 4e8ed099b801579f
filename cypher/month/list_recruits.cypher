// Brings what is known of a bucket of partners to those it matters to: to a sponsor, the order number of an active recruit in the
// walk of a placement tree (leg 0); to a parent in that tree, the interval of each leg.
// mode: write
// params: run_id STRING, tree STRING, bucket INTEGER
// rows: one
// returns: rows INTEGER
CALL () {
  MATCH (v:Visit {run_id: $run_id, bucket: $bucket})
  WHERE v.tree = $tree
  WITH v.ids AS ids, v.parents AS parents, v.legs AS legs, v.firsts AS firsts, v.sizes AS sizes
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [parents[i], legs[i], firsts[i], sizes[i]] AS place, null AS sponsor, false AS active
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = 'sponsor'
  WITH t.ids AS ids, t.sponsors AS sponsors
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS place, sponsors[i] AS sponsor, false AS active
  UNION ALL
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] | ids[i]] AS k
  RETURN k, null AS place, null AS sponsor, true AS active
}
WITH k, head(collect(place)) AS place, max(sponsor) AS sponsor, max(active) AS active
WHERE place IS NOT NULL
UNWIND CASE WHEN place[0] >= 0 THEN [place] ELSE [] END
  + CASE WHEN active AND sponsor >= 0 THEN [[sponsor, 0, place[2], 0]] ELSE [] END AS row
WITH row
ORDER BY row[0], row[1], row[2]
WITH row[0] / 16384 AS bucket, collect(row) AS rows
CREATE (:Enrolled {run_id: $run_id, tree: $tree, bucket: bucket, ids: [r IN rows | r[0]], legs: [r IN rows | r[1]],
  firsts: [r IN rows | r[2]], sizes: [r IN rows | r[3]]})
RETURN coalesce(sum(size(rows)), 0) AS rows
