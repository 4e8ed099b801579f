// How many nodes of each imported noun the graph has; answered from the count store, so that a first import asks no more.
// mode: read
// params: none
// rows: one
// returns: partners INTEGER, customers INTEGER, orders INTEGER, refunds INTEGER, events INTEGER, identifiers INTEGER
RETURN COUNT { (:Partner) } AS partners,
       COUNT { (:Customer) } AS customers,
       COUNT { (:Order) } AS orders,
       COUNT { (:Refund) } AS refunds,
       COUNT { (:Event) } AS events,
       COUNT { (:Identifier) } AS identifiers
