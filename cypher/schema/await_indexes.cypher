// Wait until every index answers; the first migration of a large database builds them in the background.
// mode: read
// params: seconds INTEGER = 300
// rows: none
// returns: none
CALL db.awaitIndexes($seconds)
