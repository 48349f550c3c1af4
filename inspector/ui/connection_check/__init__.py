"""The check of a connection in the window: run, shown step by step, with what to do about each."""
