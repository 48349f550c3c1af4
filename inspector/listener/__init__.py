"""The push proxy's side: one asyncio loop in one thread that takes pushes over mutual TLS.

Imports pyOpenSSL, httptools, `inspector.contract`, `inspector.certificates` and `inspector.history`.

From the outside in: `service` (start, change, stop) opens the sockets (`bind`) and makes a `connection` of
every client. That one joins `tls` (with `records`, `verify` and `opening`) to a `conversation`, which reads requests
(`http` and its parts), decides the answer (`answer`, `reply`) and makes events (`capture`); a handshake that
fails goes through `refusal`. Rules for answers are `rule` and what `rules` brings together, which is light to
import. An answer that comes later, or from an upstream (`forwards`), is `late`'s; a connection that is to end badly
is `spoil`'s. `batch` commits what a turn of the loop has brought, then has it answered, then
tells of it.
"""
