// Writes rows of an opening state as blocks. rows: partner_id and one number a column.
// mode: write
// params: run_id STRING, part STRING, columns LIST<STRING>, rows LIST<MAP>
// rows: one
// returns: written INTEGER
UNWIND $rows AS row
MATCH (p:Partner {id: row.partner_id})
WITH p.seq AS k, row.values AS values
ORDER BY k
WITH k / 16384 AS bucket, collect(k) AS ids, collect(values) AS rows, size($columns) AS wide
CREATE (:Carried {run_id: $run_id, part: $part, bucket: bucket, columns: $columns, ids: ids,
  values: [i IN range(0, size(ids) * wide - 1) | rows[i / wide][i % wide]]})
RETURN coalesce(sum(size(ids)), 0) AS written
