// The most that a run paid one partner of a binary bonus, after the cap of the bonus itself and before limits, and the most units that
// one was paid or lost there. `lessers` are the thousandths of the lesser leg in a unit, by pairing.
// mode: read
// params: run_id STRING, bonus STRING, lessers LIST<INTEGER>
// rows: one
// returns: money_minor INTEGER, units INTEGER
CALL () {
  MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus = $bonus AND e.adjusts IS NULL
  RETURN e
  UNION ALL
  MATCH (e:CappedLine) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus = $bonus
  RETURN e
}
WITH e.partner_id AS partner_id, sum(e.earned_minor) AS earned, sum(e.base / $lessers[e.level - 1]) AS units
RETURN coalesce(max(earned), 0) AS money_minor, coalesce(max(units), 0) AS units
