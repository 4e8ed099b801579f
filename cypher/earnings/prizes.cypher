// The prizes of a run that are not money, by bonus and place.
// mode: read
// params: run_id STRING
// rows: many
// returns: partner_id STRING, bonus STRING, place INTEGER, award_en STRING, award_ru STRING
MATCH (p:Prize)
WHERE p.run_id = $run_id
RETURN p.partner_id AS partner_id, p.bonus AS bonus, p.level AS place, p.award_en AS award_en, p.award_ru AS award_ru
ORDER BY bonus, place
