"""The page of runs: what is sent, where and how fast, how it goes, and what came of it."""
