// What some runs took late: order lines, and refunds of them.
// mode: read
// params: runs LIST<STRING>
// rows: packed
// returns: run_id STRING, order_id STRING, line STRING, refund_id STRING, posted BOOLEAN
UNWIND $runs AS run_id
MATCH (l:Late {run_id: run_id})
RETURN run_id, l.order_id AS order_id, l.line AS line, l.refund_id AS refund_id, l.posted AS posted
