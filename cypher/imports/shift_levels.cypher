// Move a partner and everybody below it up or down by some levels, after it was hung elsewhere.
// mode: write
// params: partner_id STRING, change INTEGER
// rows: one
// returns: written INTEGER
MATCH (p:Partner {id: $partner_id})
MATCH (p)<-[:SPONSORED_BY*0..]-(d:Partner)
WITH DISTINCT d
SET d.level = d.level + $change
RETURN count(d) AS written
