"""The Cypher of graphsvc: one question, one file. Read through importlib.resources, never by path."""

OWNER = "graphsvc"
