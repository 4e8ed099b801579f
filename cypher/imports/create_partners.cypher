// Write new partners, numbered in the given order, sponsors before recruits; their edges follow in hang_partners.
// `rows` is one text, U+001E between rows and U+001F between cells: packing a hundred thousand cells costs
// the client more than the write. Numbers travel beside it, a list a column: toInteger() runs a whole parser for each.
// mode: write
// params: rows STRING, numbers LIST<LIST<INTEGER>>, first_seq INTEGER, recorded_at DATETIME
// rows: one
// returns: written INTEGER
WITH split($rows, '\u001e') AS lines
UNWIND range(0, size(lines) - 1) AS place
WITH place, split(lines[place], '\u001f') AS r
CREATE (p:Partner {
  id: r[0], seq: $first_seq + place, level: $numbers[0][place], recorded_at: $recorded_at,
  name: nullIf(r[2], ''), type: r[3], status: r[4], country: nullIf(r[6], ''),
  tags: CASE r[7] WHEN '' THEN null ELSE split(r[7], ';') END,
  joined_at: CASE WHEN size(r[5]) = 10 THEN date(r[5]) ELSE datetime(r[5] + 'Z') END
})
RETURN count(p) AS written
