// A correction could not be proposed: why. Its id may be used again for the same.
// mode: write
// params: id STRING, run_id STRING, failure STRING
// rows: one
// returns: failed INTEGER
MATCH (c:Correction {id: $id})
SET c.id = c.id
WITH c WHERE c.run_id = $run_id AND c.state = 'making'
SET c.state = 'failed', c.open_of = null, c.failure = $failure
RETURN count(c) AS failed
