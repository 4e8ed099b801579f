"""The query house: header contract, catalogue, and the runner, which alone imports the neo4j driver."""
