"""The window's history as a file: new, open, recent, a copy, how much is kept, compacted."""
