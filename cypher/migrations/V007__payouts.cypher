// Payouts: every batch, payout, hold and destination once; one draft a currency; ways to those of a batch and of a partner.
CREATE CONSTRAINT payout_batch IF NOT EXISTS FOR (n:PayoutBatch) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT payout_draft IF NOT EXISTS FOR (n:PayoutBatch) REQUIRE n.draft_of IS UNIQUE;
CREATE CONSTRAINT payout IF NOT EXISTS FOR (n:Payout) REQUIRE n.id IS UNIQUE;
CREATE INDEX payout_of_batch IF NOT EXISTS FOR (n:Payout) ON (n.batch_id, n.partner_id);
CREATE INDEX payout_of_partner IF NOT EXISTS FOR (n:Payout) ON (n.partner_id);
CREATE INDEX payout_of_block IF NOT EXISTS FOR (n:Payout) ON (n.batch_id, n.block);
CREATE CONSTRAINT hold IF NOT EXISTS FOR (n:Hold) REQUIRE n.id IS UNIQUE;
CREATE INDEX hold_of_partner IF NOT EXISTS FOR (n:Hold) ON (n.partner_id, n.state);
CREATE INDEX hold_of_line IF NOT EXISTS FOR (n:Hold) ON (n.run_id, n.partner_id);
CREATE CONSTRAINT destination IF NOT EXISTS FOR (n:Destination) REQUIRE (n.partner_id, n.number) IS UNIQUE;
CREATE CONSTRAINT destination_current IF NOT EXISTS FOR (n:Destination) REQUIRE n.current_of IS UNIQUE;
