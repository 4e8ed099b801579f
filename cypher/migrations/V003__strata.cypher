// Several thin levels of a tree stand in one block of a run: ways to what rises into a block, and to the rungs inside one.
CREATE INDEX strata IF NOT EXISTS FOR (n:Strata) ON (n.run_id, n.tree);
CREATE INDEX rungs IF NOT EXISTS FOR (n:Rungs) ON (n.run_id, n.tree, n.level);
CREATE INDEX fold_feeds IF NOT EXISTS FOR (n:Fold) ON (n.run_id, n.bonus, n.feeds);
CREATE INDEX legs_feeds IF NOT EXISTS FOR (n:Legs) ON (n.run_id, n.bonus, n.feeds);
CREATE INDEX standing_feeds IF NOT EXISTS FOR (n:Standing) ON (n.run_id, n.feeds);
CREATE INDEX host_feeds IF NOT EXISTS FOR (n:Host) ON (n.run_id, n.feeds);
CREATE INDEX visit_feeds IF NOT EXISTS FOR (n:Visit) ON (n.run_id, n.tree, n.feeds);
CREATE INDEX rungs_level IF NOT EXISTS FOR (n:Rungs) ON (n.run_id, n.level);
