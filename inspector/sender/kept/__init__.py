"""What is kept for sending from one start to the next, in files of the home.

Imports `inspector.home`, `inspector.certificates` (for what is secret) and the sender's words.
"""
