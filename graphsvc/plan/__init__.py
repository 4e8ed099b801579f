"""The plan language: schema, checks, compiling to parameters, publishing."""
