"""The push proxy's side: one asyncio loop in one thread that takes pushes over mutual TLS.

Imports pyOpenSSL, httptools, `inspector.contract`, `inspector.certificates` and `inspector.history`.

From the outside in: `service` (start, change, stop) takes a `config`, opens the sockets (`bind`) and makes a
`connection` of every client; what those have in common is `shared`. A connection joins `tls` (with `records`, `verify`
and `opening`) to a `conversation`, which reads requests (`http` and its parts, `content_coding`), decides the answer
(`answer`, `reply`) and makes events (`capture`); its times run out on a `timer`. `events` is what the world is told.

A handshake that fails goes through `refusal`. What the client offered is read off the wire by `client_hello`, what it
showed by `presented` (both out of `octets`), and named by `tls_names`; `peer` makes records of it, `reproduce` a
command that does it again, and `key_log` writes the secrets for Wireshark.

What stands between the client and us is met at the `entrance`: a load balancer's `proxy_protocol`, or a proxy that ends
TLS (`clear`, `header_clients`, `forwarded_certificate`, `chain_check`); `wrong_door` has the verdicts on those who came
in wrongly, `places` says who makes room where there are too many.

Rules for answers are `rule` and what `rules` brings together, which is light to import: `rule_match`, `rule_book`,
`rule_trial`, `rule_check`, `rule_presets`, `rule_json`. An answer that comes later, or from an upstream (`forwards`),
is `late`'s; a connection that is to end badly is `spoil`'s. `batch` commits what a turn of the loop has brought, then
has it answered, then tells of it.
"""
