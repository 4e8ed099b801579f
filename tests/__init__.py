"""The tests; they need a real Neo4j and find one themselves."""
