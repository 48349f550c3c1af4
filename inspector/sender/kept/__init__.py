"""What is kept for sending from one start to the next, in files of the home: `targets`, `payloads` (a folder of plain
files), `library` (those and the templates), `environments` (named values for variables) and `series` (the values of one
run).

Imports `inspector.home`, `inspector.certificates` (for what is secret) and the sender's words.
"""
