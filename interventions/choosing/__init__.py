"""Which crew for this work, and why: facts gathered with a constant number of queries, judged by pure functions."""
