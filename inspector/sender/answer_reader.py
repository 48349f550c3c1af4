"""Reads the answers on one connection, bytes in, one answer at a time. No I/O. Imports httptools."""

from __future__ import annotations

import httptools

from inspector.history.model import Headers

KEPT_ANSWER_BYTES = 64 * 1024
"""A run keeps less of each answer than a single send: there may be a million."""

_SWITCHING = 101


class BrokenAnswerError(Exception):
    """What came is not HTTP; the text says which rule it broke."""


class AnswerReader:
    """`status` is None until the head of the answer is there, `done` says that the answer is. `reusable`: the
    connection may carry another push. `version` is as in HTTP/1.1; `body` is as received, at most KEPT_ANSWER_BYTES:
    then `truncated` is true, and the answer counts as done."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.reset()

    def reset(self) -> None:
        """Be ready for the next answer."""
        self.status: int | None = None
        self.done = False
        self.truncated = False
        self.reusable = False
        self.version = ""
        self._headers: list[tuple[str, str]] = []
        self._body = b""
        self._framed = False

    @property
    def headers(self) -> Headers:
        """The headers so far."""
        return tuple(self._headers)

    @property
    def body(self) -> bytes:
        """The body so far."""
        return self._body[:KEPT_ANSWER_BYTES]

    def feed(self, data: bytes) -> None:
        """Take in what came. Raises BrokenAnswerError."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as error:
            raise BrokenAnswerError("It switches to another protocol, which nobody asked for") from error
        except httptools.HttpParserError as error:
            raise BrokenAnswerError(str(error)) from error

    def ends_with_connection(self) -> bool:
        """Whether the end of the connection is the end of the answer (RFC 9112, 6.3: it has no length)."""
        return self.status is not None and not self._framed

    # httptools calls these by their names.

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.done:
            self._framed = self._framed or name.lower() in (b"content-length", b"transfer-encoding")
            self._headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        if self.done:  # a second answer to one push: nothing on this connection can be relied on
            self.reusable = False
            return
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != _SWITCHING:
            self._headers, self._framed = [], False
            return
        self.status = status
        self.version = f"HTTP/{self._parser.get_http_version()}"
        self.reusable = self._parser.should_keep_alive()

    def on_body(self, data: bytes) -> None:
        if self.done:
            return
        self._body = bytes(self._body) + data if self._body else data
        if len(self._body) > KEPT_ANSWER_BYTES:
            self.truncated = self.done = True
            self.reusable = False

    def on_message_complete(self) -> None:
        if self.status is not None:
            self.done = True
