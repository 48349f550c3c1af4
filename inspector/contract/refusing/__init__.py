"""What each provider would refuse of what is sent on, a module for each. Pure; imports its own room's parent.

A finding's code is the provider's own error, status and reason or number; `IGNORED` is for what a provider takes and
the phone then does not do.
"""
