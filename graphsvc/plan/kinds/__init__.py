"""The kinds of bonuses: from the document of each to what the month computes. A kind is one module here and one query or two."""
