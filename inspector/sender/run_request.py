"""The bytes of a run's requests: the same head again and again, but for the length. Imports httpx."""

from __future__ import annotations

import httpx

from inspector.history.model import Headers
from inspector.sender.send import Prepared

_MOST_KEPT = 1024


class RequestHeads:
    """Makes the heads that `send` would send, in httpx's own order of headers."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._made: dict[int, tuple[bytes, Headers]] = {}

    def head(self, size: int) -> tuple[bytes, Headers]:
        """The head for a body of `size` bytes, and the headers in it. Those of one size are the same object."""
        found = self._made.get(size)
        if found is None:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            found = self._made[size] = self._make(size)
        return found

    def _make(self, size: int) -> tuple[bytes, Headers]:
        url = self._prepared.url
        # An empty body's length stands elsewhere, so one byte stands for all others.
        request = httpx.Request("POST", url, headers=self._prepared.headers, content=b"x" if size else b"")
        request.headers["Content-Length"] = str(size)
        lines = b"".join(b"%b: %b\r\n" % pair for pair in request.headers.raw)
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        )
        return b"POST %b HTTP/1.1\r\n%b\r\n" % (url.raw_path, lines), headers
