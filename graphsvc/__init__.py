"""graphsvc: network intelligence for companies that pay partners for sales."""

__version__ = "0.1.0"
