// The ids of some partners.
// mode: read
// params: seqs LIST<INTEGER>
// rows: packed
// returns: seq INTEGER, partner_id STRING
UNWIND $seqs AS seq
MATCH (p:Partner {seq: seq})
WITH seq, p.id AS partner_id
RETURN seq, partner_id
