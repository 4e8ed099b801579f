// How many partners stood at each depth below a partner, as a run knew it: recorded by its cut-off, joined by its period's end.
// mode: read
// params: partner_id STRING, known_at DATETIME, ends_at DATETIME, ends_on DATE, count INTEGER
// rows: one
// returns: depths LIST<LIST>, partners INTEGER
MATCH (p:Partner {id: $partner_id})
CALL (p) {
  MATCH (p) (()<-[:SPONSORED_BY]-()){1,} (d)
  WHERE d.recorded_at <= $known_at AND (d.joined_at < $ends_at OR d.joined_at < $ends_on)
  WITH d.level - p.level AS depth, count(*) AS partners
  ORDER BY depth
  RETURN collect([depth, partners]) AS depths, coalesce(sum(partners), 0) AS partners
}
RETURN depths[0..$count] AS depths, partners
