"""The pusher's side: targets, one send with its timings, retries, templates.

Imports httpx (lazily), `inspector.contract`, `inspector.certificates` and `inspector.history`.
"""
