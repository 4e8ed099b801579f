// Ids that look like a given one, for the sentence that says there is no such partner.
// mode: read
// params: prefix STRING, words STRING, count INTEGER = 20
// rows: many
// returns: id STRING
CALL () {
  CALL db.index.fulltext.queryNodes('partner_text', $words, {limit: $count}) YIELD node
  RETURN node.id AS id
  UNION
  MATCH (p:Partner)
  WHERE p.id STARTS WITH $prefix
  RETURN p.id AS id LIMIT $count
}
RETURN DISTINCT id
