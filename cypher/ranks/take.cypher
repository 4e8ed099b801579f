// Takes the lock of a plan's period, so that no close begins meanwhile, and says how the period stands and how often a rank was
// set for this partner and period.
// mode: write
// params: plan STRING, month STRING, partner_id STRING
// rows: one
// returns: status STRING, decisions INTEGER
MERGE (p:Period {plan: $plan, month: $month})
  ON CREATE SET p.status = 'open'
SET p.month = p.month
RETURN p.status AS status,
  COUNT { (f:ForcedRank {plan: $plan, month: $month}) WHERE f.partner_id = $partner_id } AS decisions
