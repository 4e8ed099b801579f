// Change stored events that no closed month counted, only the named columns; they count as recorded now. Rows as in create_events.
// mode: write
// params: rows STRING, columns LIST<STRING>, recorded_at DATETIME
// rows: one
// returns: written INTEGER
UNWIND split($rows, '\u001e') AS line
WITH split(line, '\u001f') AS r
MATCH (e:Event {id: r[0]})
SET e.recorded_at = $recorded_at,
    e.kind = CASE WHEN 'kind' IN $columns THEN r[2] ELSE e.kind END,
    e.accepted = CASE WHEN 'accepted' IN $columns THEN r[4] = 'true' ELSE e.accepted END,
    e.happened_at = CASE WHEN NOT 'happened_at' IN $columns THEN e.happened_at
                         WHEN size(r[3]) = 10 THEN date(r[3]) ELSE datetime(r[3] + 'Z') END
WITH e, r
OPTIONAL MATCH (e)-[of:EVENT_OF]->(old:Partner)
OPTIONAL MATCH (p:Partner {id: r[1]})
WITH e, of, p, coalesce('partner_id' IN $columns AND p <> old, false) AS is_moved
FOREACH (x IN CASE WHEN is_moved THEN [1] ELSE [] END | DELETE of CREATE (e)-[:EVENT_OF]->(p))
RETURN count(DISTINCT e) AS written
