// Change stored partners, only the named columns; the sponsor is rehang_partner's. Rows as in create_partners.
// mode: write
// params: rows STRING, columns LIST<STRING>
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
MATCH (p:Partner {id: r[0]})
SET p.name = CASE WHEN 'name' IN $columns THEN nullIf(r[2], '') ELSE p.name END,
    p.type = CASE WHEN 'type' IN $columns THEN r[3] ELSE p.type END,
    p.status = CASE WHEN 'status' IN $columns THEN r[4] ELSE p.status END,
    p.joined_at = CASE WHEN NOT 'joined_at' IN $columns THEN p.joined_at
                       WHEN size(r[5]) = 10 THEN date(r[5]) ELSE datetime(r[5] + 'Z') END,
    p.country = CASE WHEN 'country' IN $columns THEN nullIf(r[6], '') ELSE p.country END,
    p.tags = CASE WHEN NOT 'tags' IN $columns THEN p.tags WHEN r[7] = '' THEN null ELSE split(r[7], ';') END
WITH p
OPTIONAL MATCH (p)-[e:SPONSORED_BY]->(:Partner)
SET e.from = p.joined_at
RETURN count(DISTINCT p) AS written
