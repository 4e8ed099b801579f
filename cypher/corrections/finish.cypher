// The correction is computed: from here on it waits for a second person. Nothing is written where another process took it up, or it
// was withdrawn.
// mode: write
// params: id STRING, run_id STRING, lines INTEGER, amount_minor INTEGER, digest STRING
// rows: one
// returns: proposed INTEGER
MATCH (c:Correction {id: $id})
SET c.id = c.id
WITH c WHERE c.run_id = $run_id AND c.state = 'making'
SET c.state = 'proposed', c.lines = $lines, c.amount_minor = $amount_minor, c.digest = $digest
RETURN count(c) AS proposed
