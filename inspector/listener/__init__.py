"""The push proxy's side: one asyncio loop in one thread that takes pushes over mutual TLS.

Imports pyOpenSSL, httptools, `inspector.contract`, `inspector.certificates` and `inspector.history`.

From the outside in: `service` (start, change, stop) opens the sockets (`bind`) and makes a `connection` of
every client. That one joins `tls` (with `records`, `verify` and `opening`) to a `conversation`, which reads requests
(`http` and its parts), decides the answer (`answer`, `reply`) and makes events (`capture`); a handshake that
fails goes through `refusal`. What stands between the client and us is met at the `entrance`: a load balancer's
`proxy_protocol`, or a proxy that ends TLS (`clear`, `header_clients`, `forwarded_certificate`, `chain_check`);
`wrong_door` has the verdicts on those who came in wrongly, `places` says who makes room where there are too many.

Rules for answers are `rule` and what `rules` brings together, which is light to import. An answer that comes later,
or from an upstream (`forwards`), is `late`'s; a connection that is to end badly is `spoil`'s. `batch` commits what a
turn of the loop has brought, then has it answered, then tells of it.
"""
