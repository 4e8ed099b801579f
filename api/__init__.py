"""The HTTP face of graphsvc."""
