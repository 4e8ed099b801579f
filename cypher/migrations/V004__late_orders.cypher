// What was recorded after the period of its date was closed, and ways to it: what came in between two closes.
CREATE INDEX late IF NOT EXISTS FOR (n:Late) ON (n.run_id);
CREATE INDEX order_recorded IF NOT EXISTS FOR (n:Order) ON (n.recorded_at);
CREATE INDEX refund_recorded IF NOT EXISTS FOR (n:Refund) ON (n.recorded_at);
CREATE INDEX due IF NOT EXISTS FOR (n:Due) ON (n.run_id);
CREATE INDEX adjustment IF NOT EXISTS FOR (n:Adjustment) ON (n.run_id);
