// Keys under which callers ask for one effect: each of a caller's once, and a way to those whose time is over.
CREATE CONSTRAINT idempotency_key IF NOT EXISTS FOR (n:IdempotencyKey) REQUIRE (n.caller, n.key) IS UNIQUE;
CREATE INDEX idempotency_kept IF NOT EXISTS FOR (n:IdempotencyKey) ON (n.kept_until);
