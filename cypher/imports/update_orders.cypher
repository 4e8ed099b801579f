// Change stored order lines that no closed month counted, only the named columns; they count as recorded now, so a month that is
// closed does not meet them. An empty partner, kind or placed_at leaves what is stored. Rows as in create_orders_own.
// mode: write
// params: rows STRING, numbers LIST<LIST<INTEGER>>, columns LIST<STRING>, recorded_at DATETIME
// rows: one
// returns: written INTEGER
WITH split($rows, '\u001e') AS lines
UNWIND range(0, size(lines) - 1) AS i
WITH i, split(lines[i], '\u001f') AS r
MATCH (o:Order {id: r[0], line: r[1]})
SET o.recorded_at = $recorded_at,
    o.placed_at = CASE WHEN NOT 'placed_at' IN $columns OR r[4] = '' THEN o.placed_at
                       WHEN size(r[4]) = 10 THEN date(r[4]) ELSE datetime(r[4] + 'Z') END,
    o.paid_at = CASE WHEN NOT 'paid_at' IN $columns THEN o.paid_at
                     WHEN r[5] = '' THEN null WHEN size(r[5]) = 10 THEN date(r[5]) ELSE datetime(r[5] + 'Z') END,
    o.amount_minor = CASE WHEN 'amount' IN $columns THEN $numbers[0][i] ELSE o.amount_minor END,
    o.currency = CASE WHEN 'currency' IN $columns THEN r[6] ELSE o.currency END,
    o.qv = CASE WHEN 'qv' IN $columns THEN $numbers[1][i] ELSE o.qv END,
    o.cv = CASE WHEN 'cv' IN $columns THEN $numbers[2][i] ELSE o.cv END,
    o.kind = CASE WHEN 'kind' IN $columns AND r[7] <> '' THEN r[7] ELSE o.kind END,
    o.category = CASE WHEN 'category' IN $columns THEN nullIf(r[8], '') ELSE o.category END
RETURN count(o) AS written
