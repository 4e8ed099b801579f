// Keeps lines of a correction whose run this is. Nothing is kept where another process took it up, or somebody withdrew it.
// mode: write
// params: id STRING, run_id STRING, lines LIST<MAP>
// rows: one
// returns: kept INTEGER
MATCH (c:Correction {id: $id})
SET c.id = c.id
WITH c WHERE c.run_id = $run_id AND c.state = 'making'
UNWIND $lines AS x
MERGE (l:CorrectionLine {correction_id: c.id, number: x.number})
SET l.partner_id = x.partner_id, l.bonus = x.bonus, l.level = x.level, l.class = x.class, l.source_id = x.source_id,
  l.old_minor = x.old_minor, l.new_minor = x.new_minor, l.difference_minor = x.difference_minor, l.causes = x.causes
RETURN count(l) AS kept
