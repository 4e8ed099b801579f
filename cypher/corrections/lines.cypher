// Lines of a correction by number, a page after one.
// mode: read
// params: id STRING, after INTEGER, limit INTEGER
// rows: packed
// returns: number INTEGER, partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, old_minor INTEGER,
//   new_minor INTEGER, difference_minor INTEGER, causes LIST<STRING>
MATCH (l:CorrectionLine {correction_id: $id})
WHERE l.number > $after
WITH l ORDER BY l.correction_id, l.number LIMIT $limit
WITH l.number AS number, l.partner_id AS partner_id, l.bonus AS bonus, l.level AS level, l.class AS class,
  l.source_id AS source_id, l.old_minor AS old_minor, l.new_minor AS new_minor, l.difference_minor AS difference_minor,
  l.causes AS causes
RETURN number, partner_id, bonus, level, class, source_id, old_minor, new_minor, difference_minor, causes
