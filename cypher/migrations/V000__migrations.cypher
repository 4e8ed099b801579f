// What the migrations themselves stand on: each file is recorded once, and the record of this one is the lock.
CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (n:Migration) REQUIRE n.version IS UNIQUE;
