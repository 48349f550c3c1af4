"""What llhttp reports of one request: the callbacks it calls, and what they gather. Imports nothing of the
package."""

from __future__ import annotations


class Parsed:
    """What llhttp reports of the request at hand."""

    __slots__ = ("body", "complete", "fields", "headers_done", "trailers", "url")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.url = b""
        self.fields: list[tuple[bytes, bytes]] = []
        self.trailers: list[tuple[bytes, bytes]] = []
        self.body: list[bytes] = []
        self.headers_done = False
        self.complete = False

    def on_message_begin(self) -> None:
        """httptools calls it without asking whether it is there."""

    def on_url(self, piece: bytes) -> None:
        self.url += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        (self.trailers if self.headers_done else self.fields).append((name, value))

    def on_headers_complete(self) -> None:
        self.headers_done = True

    def on_body(self, piece: bytes) -> None:
        self.body.append(piece)

    def on_message_complete(self) -> None:
        self.complete = True
