// Keeps one version of a plan for good; the caller holds the lock and has checked that there is none.
// mode: write
// params: name STRING, version INTEGER, valid_from DATE, currency STRING, document STRING, digest STRING
// rows: one
// returns: published_at DATETIME
CREATE (p:Plan {name: $name, version: $version, valid_from: $valid_from, currency: $currency, document: $document,
  digest: $digest, published_at: datetime.realtime()})
RETURN p.published_at AS published_at
