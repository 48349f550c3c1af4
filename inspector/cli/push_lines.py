"""`push` lines as JSON text, fast: what the pushes of a connection share is encoded once. Imports what prints.

What a client offered is longer than all else, and a kept-alive connection brings thousands of pushes a second.
"""

from __future__ import annotations

from inspector.cli.output import json_text, peer_line, push_line, tls_line
from inspector.contract.masking import mask_url
from inspector.history.model import Connection, NewEvent, Written

_CONNECTIONS_KEPT = 512
# Keys: no text can hold them so, as quotes within one are escaped.
_PEER = '"peer":null'
_TLS = '"tls":null'


class PushLines:
    """Encodes pushes; remembers the connections of late."""

    def __init__(self) -> None:
        self._known: dict[Connection, tuple[str, str]] = {}

    def text(self, written: Written, event: NewEvent) -> str:
        """`push_line` as JSON, secrets in the path masked."""
        line = push_line(written, event, with_connection=False)
        line["path"] = mask_url(event.path)
        text = json_text(line)
        if event.connection is None:
            return text
        peer, tls = self._known.get(event.connection) or self._add(event.connection)
        return text.replace(_PEER, peer, 1).replace(_TLS, tls, 1)

    def _add(self, connection: Connection) -> tuple[str, str]:
        if len(self._known) >= _CONNECTIONS_KEPT:
            self._known.clear()
        found = f'"peer":{json_text(peer_line(connection))}', f'"tls":{json_text(tls_line(connection))}'
        self._known[connection] = found
        return found
