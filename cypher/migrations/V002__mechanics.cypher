// Ways into the blocks of a run by bucket, and what more mechanics need.
CREATE INDEX frozen_tree_bucket IF NOT EXISTS FOR (n:FrozenTree) ON (n.run_id, n.bucket);
CREATE INDEX frozen_volume_bucket IF NOT EXISTS FOR (n:FrozenVolume) ON (n.run_id, n.bucket);
CREATE INDEX standing_bucket IF NOT EXISTS FOR (n:Standing) ON (n.run_id, n.bucket);
CREATE CONSTRAINT placement_tree IF NOT EXISTS FOR (n:PlacementTree) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT place_taken_once IF NOT EXISTS FOR ()-[r:PLACED_UNDER]-() REQUIRE (r.tree, r.parent_id, r.leg) IS UNIQUE;
CREATE CONSTRAINT placed_once IF NOT EXISTS FOR ()-[r:PLACED_UNDER]-() REQUIRE (r.tree, r.partner_id) IS UNIQUE;
CREATE CONSTRAINT event_id IF NOT EXISTS FOR (n:Event) REQUIRE n.id IS UNIQUE;
CREATE INDEX event_happened IF NOT EXISTS FOR (n:Event) ON (n.happened_at);
CREATE INDEX frozen_tree_of IF NOT EXISTS FOR (n:FrozenTree) ON (n.run_id, n.tree, n.level);
CREATE INDEX legs IF NOT EXISTS FOR (n:Legs) ON (n.run_id, n.bonus, n.bucket);
