"""Exporting and importing in the window: the desk that does it, its questions, and how far it is."""
