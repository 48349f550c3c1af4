"""The page of conversations: a list, and the timeline of the one looked at, to be looked at more than read."""
