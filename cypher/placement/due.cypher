// Partners without a place in a placement tree whose time in the holding tank is over, in the order of their numbers (enrollers
// before recruits), some at a time: who joined up to a day. The terminated wait for nothing.
// mode: read
// params: tree STRING, joined_until DATE, joined_before DATETIME, after_seq INTEGER, count INTEGER
// rows: many
// returns: id STRING, seq INTEGER, joined_at ANY
MATCH (p:Partner)
WHERE p.seq > $after_seq AND p.status <> 'terminated'
  AND CASE WHEN p.joined_at IS :: DATE THEN p.joined_at <= $joined_until ELSE p.joined_at < $joined_before END
  AND NOT EXISTS { (p)-[:PLACED_UNDER {tree: $tree}]->() }
RETURN p.id AS id, p.seq AS seq, p.joined_at AS joined_at
ORDER BY seq LIMIT $count
