// Lines of posted corrections of one partner, the oldest correction first; of one closed run where it is named, or of one correction.
// mode: read
// params: partner_id STRING, closed_run STRING?, id STRING?
// rows: many
// returns: correction_id STRING, plan STRING, month STRING, currency STRING, reason STRING, approved_at DATETIME, person STRING,
//   approver_person STRING, number INTEGER, partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, old_minor INTEGER,
//   new_minor INTEGER, difference_minor INTEGER, causes LIST<STRING>
// allows: CartesianProduct - a line beside its correction
MATCH (l:CorrectionLine {partner_id: $partner_id})
WHERE $id IS NULL OR l.correction_id = $id
MATCH (c:Correction {id: l.correction_id})
WHERE c.state = 'posted' AND ($closed_run IS NULL OR c.closed_run = $closed_run)
RETURN c.id AS correction_id, c.plan AS plan, c.month AS month, c.currency AS currency, c.reason AS reason,
  c.approved_at AS approved_at, c.person AS person, c.approver_person AS approver_person, l.number AS number,
  l.partner_id AS partner_id, l.bonus AS bonus, l.level AS level, l.class AS class, l.source_id AS source_id,
  l.old_minor AS old_minor, l.new_minor AS new_minor, l.difference_minor AS difference_minor, l.causes AS causes
ORDER BY approved_at, correction_id, number
