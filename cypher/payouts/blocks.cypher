// How many blocks of 1 024 partners there are.
// mode: read
// params: none
// rows: one
// returns: blocks INTEGER
MATCH (c:Counter {name: 'partner'})
RETURN (c.value + 1023) / 1024 AS blocks
