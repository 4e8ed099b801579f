"""The page of a plan that a partner reads: its words, how numbers, tests and rates are said, each mechanic, and examples."""
