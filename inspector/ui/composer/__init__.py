"""The composer: a pane that writes a push, sends it as the pusher would, and shows what came of it.

Imports the sender, the contract, the workbench and the rest of the window's room.
"""
