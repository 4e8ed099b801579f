// Change stored refunds that no closed month counted, only the named columns; they count as recorded now. Rows as in create_refunds.
// mode: write
// params: rows STRING, numbers LIST<LIST<INTEGER>>, columns LIST<STRING>, recorded_at DATETIME
// rows: one
// returns: written INTEGER
WITH split($rows, '\u001e') AS lines
UNWIND range(0, size(lines) - 1) AS i
WITH i, split(lines[i], '\u001f') AS r
MATCH (f:Refund {id: r[0]})
SET f.recorded_at = $recorded_at,
    f.refunded_at = CASE WHEN NOT 'refunded_at' IN $columns THEN f.refunded_at
                         WHEN size(r[2]) = 10 THEN date(r[2]) ELSE datetime(r[2] + 'Z') END,
    f.amount_minor = CASE WHEN 'amount' IN $columns THEN $numbers[0][i] ELSE f.amount_minor END
RETURN count(f) AS written
