// Partners of a bucket who stand otherwise in one run's sponsor tree than in the other's: under somebody else (sponsor), joined
// or not (member), able or not (able), active by grace (graced), with other numbers of their own (numbers, where both runs have
// the same plan: customers, months, what was carried, a rank set by hand), or only in one of them (known).
// mode: read
// params: runs LIST<STRING>, bucket INTEGER, same_plan BOOLEAN
// rows: packed
// returns: seq INTEGER, partner_id STRING, changed LIST<STRING>
UNWIND [0, 1] AS n
MATCH (t:FrozenTree {run_id: $runs[n], bucket: $bucket})
WHERE t.tree = 'sponsor'
WITH n, t, size(t.own) / size(t.ids) AS width
UNWIND range(0, size(t.ids) - 1) AS i
WITH t.ids[i] AS k, t.partner_ids[i] AS partner_id, n, [t.sponsors[i], CASE WHEN t.member[i] THEN 1 ELSE 0 END,
  CASE WHEN t.able[i] THEN 1 ELSE 0 END, CASE WHEN t.graced[i] THEN 1 ELSE 0 END] AS stands,
  CASE WHEN $same_plan THEN t.own[i * width..(i + 1) * width] ELSE [] END AS own
WITH k, max(partner_id) AS partner_id, collect(stands) AS stands, collect(own) AS own
WITH k, partner_id, CASE WHEN size(stands) < 2 THEN ['known'] ELSE
  [x IN ['sponsor', 'member', 'able', 'graced'] WHERE stands[0][coll.indexOf(['sponsor', 'member', 'able', 'graced'], x)]
    <> stands[1][coll.indexOf(['sponsor', 'member', 'able', 'graced'], x)]]
  + CASE WHEN own[0] <> own[1] THEN ['numbers'] ELSE [] END END AS changed
WHERE changed <> []
WITH k AS seq, partner_id, changed ORDER BY seq
RETURN seq, partner_id, changed
