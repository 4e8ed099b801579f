// Throws lines of a correction away that was never proposed, some at a time.
// mode: write
// params: id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (c:Correction {id: $id})
WHERE c.state IN ['making', 'failed']
MATCH (l:CorrectionLine {correction_id: c.id})
WHERE l.number >= 0
WITH l LIMIT $limit
DELETE l
RETURN count(*) AS removed
