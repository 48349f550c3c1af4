"""Cuts a chunked body out of what has arrived, up to its very end (RFC 9112 7.1). Imports this room's HTTP
words.

llhttp checks the syntax and collects the data, but would run on into the next request; so it is fed line by
line and block by block.
"""

from __future__ import annotations

from collections.abc import Callable

from inspector.listener.config import Limits
from inspector.listener.http_head import Fault, too_large
from inspector.listener.http_parsed import Parsed

_LINE_BYTES = 4 * 1024
# A chunk's size and its line end take no more; what does is an extension, or zeros before the size.
_USUAL_LINE_BYTES = 18


class ChunkedBody:
    """One chunked body. `raw` is what has come of it with its framing, for one that turns out to be framed
    badly."""

    __slots__ = (
        "_data_left",
        "_extra_bytes",
        "_feed",
        "_limits",
        "_parsed",
        "_pieces",
        "_size",
        "_trailer_bytes",
    )

    def __init__(self, feed: Callable[[bytes], Fault | None], parsed: Parsed, limits: Limits) -> None:
        self._feed = feed
        self._parsed = parsed
        self._limits = limits
        self._data_left = 0
        self._size = 0
        self._extra_bytes = 0
        self._trailer_bytes: int | None = None
        self._pieces: list[bytes] = []

    @property
    def raw(self) -> bytes:
        return b"".join(self._pieces)

    def read(self, held: bytes) -> tuple[bytes, Fault | None]:
        """Take of `held` what belongs to the body; returns the rest, and what is wrong, if anything."""
        at = 0
        fault = None
        while fault is None and at < len(held) and not self._parsed.complete:
            piece = self._next_piece(held, at)
            if not piece:
                break
            fault = self._take(piece)
            if fault is None:
                at += len(piece)
        if self._size <= self._limits.body_bytes:
            self._pieces.append(held[:at])
        return held[at:], fault

    def _next_piece(self, held: bytes, at: int) -> bytes:
        """The next block of data or whole line; nothing while a line may still go on."""
        if self._data_left:
            return held[at : at + self._data_left]
        end = held.find(b"\n", at) + 1
        if end:
            return held[at:end]
        return held[at:] if len(held) - at > _LINE_BYTES else b""

    def _take(self, piece: bytes) -> Fault | None:
        fault = self._feed(piece)
        if fault is not None:
            return fault
        if self._data_left:
            self._data_left -= len(piece)
            return None
        if len(piece) > _LINE_BYTES:
            return Fault(400, "bad_request", "A line between the chunks of the body is too long.")
        return self._take_size(piece) if self._trailer_bytes is None else self._take_trailer(piece)

    def _take_size(self, line: bytes) -> Fault | None:
        size = int(line.partition(b";")[0], 16)  # llhttp has accepted it
        if len(line) > _USUAL_LINE_BYTES:
            self._extra_bytes += len(line) - _USUAL_LINE_BYTES
            if self._extra_bytes > self._limits.header_bytes:
                return too_large(
                    self._limits.body_bytes, "its chunks' extensions are larger than the header may be"
                )
        if size == 0:
            self._trailer_bytes = 0
            return None
        self._data_left = size + 2  # with its CRLF
        self._size += size
        if self._size > self._limits.body_bytes:
            return too_large(self._limits.body_bytes, f"its chunks come to {self._size} already")
        return None

    def _take_trailer(self, line: bytes) -> Fault | None:
        assert self._trailer_bytes is not None
        self._trailer_bytes += len(line)
        if self._trailer_bytes > self._limits.header_bytes:
            return Fault(431, "header_too_large", "The trailer fields are too many.")
        return None
