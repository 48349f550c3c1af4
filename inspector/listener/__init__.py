"""The push proxy's side: one asyncio loop in one thread that takes pushes over mutual TLS.

Imports pyOpenSSL, httptools, `inspector.contract`, `inspector.certificates` and `inspector.history`.
"""
