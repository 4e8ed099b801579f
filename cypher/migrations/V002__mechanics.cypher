// Ways into the blocks of a run by bucket, and what more mechanics need.
CREATE INDEX frozen_tree_bucket IF NOT EXISTS FOR (n:FrozenTree) ON (n.run_id, n.bucket);
CREATE INDEX frozen_volume_bucket IF NOT EXISTS FOR (n:FrozenVolume) ON (n.run_id, n.bucket);
CREATE INDEX standing_bucket IF NOT EXISTS FOR (n:Standing) ON (n.run_id, n.bucket);
