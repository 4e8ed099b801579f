// What a binary bonus carried for a partner into the period that is open, by leg, in thousandths.
// mode: read
// params: partner_id STRING, run_id STRING, bonus STRING
// rows: maybe
// returns: left INTEGER, right INTEGER
MATCH (p:Partner {id: $partner_id})
MATCH (c:Carried {run_id: $run_id, part: $bonus, bucket: p.seq / 16384})
WITH c, coll.indexOf(c.ids, p.seq) AS place, size(c.columns) AS wide
WHERE place >= 0
RETURN reduce(t = 0, j IN range(0, wide - 1) |
    t + CASE WHEN c.columns[j] STARTS WITH 'left_' THEN c.values[place * wide + j] ELSE 0 END) AS left,
  reduce(t = 0, j IN range(0, wide - 1) |
    t + CASE WHEN c.columns[j] STARTS WITH 'right_' THEN c.values[place * wide + j] ELSE 0 END) AS right
