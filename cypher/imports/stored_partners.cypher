// What the graph has of these partners. A row travels as one text with U+001F between its cells: a tenth of the values on the wire.
// mode: read
// params: ids LIST<STRING>, tree STRING
// rows: packed
// returns: row STRING
UNWIND $ids AS id
MATCH (p:Partner {id: id})
OPTIONAL MATCH (p)-[:SPONSORED_BY]->(s:Partner)
OPTIONAL MATCH (p)-[e:PLACED_UNDER {tree: $tree}]->()
WITH p, coalesce(s.id, '') AS sponsor_id, e, '\u001f' AS x
RETURN p.id + x + sponsor_id + x + coalesce(p.name, '') + x + p.type + x + p.status + x + toString(p.joined_at)
       + x + coalesce(p.country, '') + x + reduce(t = '', tag IN coalesce(p.tags, []) | t + CASE t WHEN '' THEN '' ELSE ';' END + tag)
       + x + toString(p.recorded_at) + x + toString(p.level)
       + x + coalesce(e.parent_id, '') + x + CASE e.parent_id WHEN '' THEN '' ELSE coalesce(toString(e.leg), '') END
       + x + coalesce(toString(e.level), '') AS row
