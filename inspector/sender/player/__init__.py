"""The conversation player: a script of who writes to whom, how often and how badly the network behaves, and the pushes
that come of it. Pure: it makes a plan for a run, and sends nothing itself."""
