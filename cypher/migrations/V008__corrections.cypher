// Corrections of closed periods: each once, one of a period that waits at a time, its lines by number and by partner.
CREATE CONSTRAINT correction IF NOT EXISTS FOR (n:Correction) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT correction_open IF NOT EXISTS FOR (n:Correction) REQUIRE n.open_of IS UNIQUE;
CREATE INDEX correction_of_period IF NOT EXISTS FOR (n:Correction) ON (n.plan, n.month);
CREATE CONSTRAINT correction_line IF NOT EXISTS FOR (n:CorrectionLine) REQUIRE (n.correction_id, n.number) IS UNIQUE;
CREATE INDEX correction_line_of_partner IF NOT EXISTS FOR (n:CorrectionLine) ON (n.partner_id);
