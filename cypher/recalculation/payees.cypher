// The numbers of some partners.
// mode: read
// params: partner_ids LIST<STRING>
// rows: packed
// returns: partner_id STRING, seq INTEGER
UNWIND $partner_ids AS partner_id
MATCH (p:Partner {id: partner_id})
WITH partner_id, p.seq AS seq
RETURN partner_id, seq
