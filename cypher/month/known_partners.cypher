// Which of these partners are here.
// mode: read
// params: ids LIST<STRING>
// rows: packed
// returns: partner_id STRING
UNWIND $ids AS id
MATCH (p:Partner {id: id})
RETURN p.id AS partner_id
