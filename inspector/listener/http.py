"""The server's side of HTTP/1.1 as bytes in, events out. No sockets, no clock. Imports httptools.

llhttp judges the syntax (strictly: CRLF only, no folded fields, no doubtful lengths). It is fed exactly one
head, then exactly one body: so it is known which bytes belong to which request, both can be capped before
they are read, and reading stops where a request ends. Rules (RFC 9110, RFC 9112):

1. One request at a time: between a request and its `answered` there are no events, and the next one stays
   unread.
2. What breaks the rules is a `Broken` with the status it deserves, and the exchange is over. It carries what
   was received: bytes that could not be parsed are kept as they came.
3. Fields stay in the order and spelling received. Trailers are kept apart: they say nothing about the sender.
4. An Upgrade is ignored, as RFC 9110 7.8 allows, and the request is taken as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

import httptools

from inspector.listener.config import Limits
from inspector.listener.http_chunks import ChunkedBody
from inspector.listener.http_events import Broken, ContinueWanted, HttpEvent, Phase, Request
from inspector.listener.http_head import (
    TARGET_BYTES,
    Fault,
    Framing,
    as_text,
    frame,
    head_too_large,
    lacks_version,
    length_required,
    line_fault,
    method_not_allowed,
    request_line,
    syntax_fault,
    target_too_long,
    text,
    too_many_empty_lines,
    version_0_9,
)
from inspector.listener.http_parsed import Parsed

_HEAD_END = b"\r\n\r\n"
_EMPTY_BYTES = 64
_PRINTABLE = re.compile(rb"[\t\r -~]*")
_UPGRADE_FIELD = re.compile(rb"\r\nupgrade:[^\r\n]*", re.IGNORECASE)


class KnownHeads:
    """Heads seen before, byte for byte, with what was made of them: a pusher sends the same few over and
    over, and the same bytes mean the same again. Shared by the connections of a listener."""

    _MOST = 512
    _LONGEST = 2048

    def __init__(self) -> None:
        self._heads: dict[bytes, tuple[Request, int]] = {}
        self.get = self._heads.get

    def __len__(self) -> int:
        return len(self._heads)

    def learn(self, head: bytes, request: Request, length: int) -> None:
        """`head` begins a request like `request`, with a body of `length` bytes."""
        if len(head) <= self._LONGEST:
            if len(self._heads) >= self._MOST:
                self._heads.clear()
            self._heads[head] = (replace(request, body=b""), length)


class HttpExchange:
    """One connection's requests. Feed it with `receive`, ask `next_event` until it has nothing, tell it
    `answered`."""

    __slots__ = (
        "_body_bytes",
        "_chunks",
        "_empty_bytes",
        "_framing",
        "_head",
        "_held",
        "_known",
        "_limits",
        "_parsed",
        "_parser",
        "_refusal",
        "_told_to_continue",
        "phase",
    )

    def __init__(self, limits: Limits, known: KnownHeads | None = None) -> None:
        self._limits = limits
        self._known = KnownHeads() if known is None else known
        self._parsed = Parsed()
        self._parser = httptools.HttpRequestParser(self._parsed)
        self.phase = Phase.IDLE
        self._held = b""
        self._clear()

    def _clear(self) -> None:
        self._head: bytes | bytearray = b""
        self._framing: Framing | None = None
        self._refusal: str | None = None
        self._body_bytes = 0
        self._chunks: ChunkedBody | None = None
        self._empty_bytes = 0
        self._told_to_continue = False

    @property
    def held(self) -> int:
        """How many bytes wait to be parsed."""
        return len(self._held)

    @property
    def head(self) -> Request:
        """The request whose body is on its way (phase BODY), without it."""
        framing = self._framing
        assert framing is not None
        method, version = self._parser.get_method().decode(), self._parser.get_http_version()
        target = text(self._parsed.url)
        return Request(
            method, target, version, framing.headers, b"", framing.keep_alive, framing.content_coding
        )

    def receive(self, data: bytes) -> None:
        """Take bytes from the client; what they mean is for `next_event` to say."""
        if self.phase is not Phase.OVER:
            self._held = self._held + data if self._held else data

    def next_event(self) -> HttpEvent | None:
        """The next event, None if there is none before more bytes come, or before `answered`."""
        if self.phase is Phase.IDLE and (request := self._known_request()) is not None:
            return request
        if (self.phase is Phase.IDLE or self.phase is Phase.HEAD) and (
            fault := self._read_head()
        ) is not None:
            return self._broken(fault)
        if self.phase is not Phase.BODY:
            return None
        framing = self._framing
        assert framing is not None
        if framing.expects_continue and not self._told_to_continue:
            self._told_to_continue = True
            if not self._held and framing.length != 0:
                return ContinueWanted()
        if not self._parsed.complete:
            fault = self._read_body(framing.length)
            if fault is not None:
                return self._broken(fault)
        return self._finish(framing) if self._parsed.complete else None

    def answered(self, *, keep_alive: bool) -> None:
        """The request handed out last has its answer; with `keep_alive` the next one may come."""
        if self._framing is not None:
            self._parsed.clear()
            self._clear()
        self.phase = Phase.IDLE if keep_alive else Phase.OVER
        if not keep_alive:
            self._held = b""

    def end(self) -> Broken | None:
        """No more bytes will come. A request that was cut off by it is told as Broken, without a status."""
        if self.phase is Phase.HEAD and self._refusal is not None:
            return self._broken(syntax_fault(self._head, self._refusal))
        return self._give_up(None, "cut_off", "The connection ended in the middle of the request")

    def time_out(self) -> Broken | None:
        """The client took too long over the request it has begun."""
        return self._give_up(408, "request_timeout", "The client did not finish the request in time")

    def make_room(self) -> Broken | None:
        """There are too many connections, and this client has been at its request for longest."""
        what = "There were too many connections, and this client was the slowest to finish its request"
        return self._give_up(503, "made_room", what)

    def _give_up(self, status: int | None, code: str, what: str) -> Broken | None:
        if self.phase is Phase.HEAD:
            return self._broken(Fault(status, code, f"{what}, within its header fields."))
        if self.phase is Phase.BODY and self._framing is not None:
            length = self._framing.length
            of = "a chunked body" if length is None else f"the {length} bytes of its body"
            arrived = sum(map(len, self._parsed.body))
            return self._broken(Fault(status, code, f"{what}: {arrived} of {of} had come."))
        return None

    def _known_request(self) -> Request | None:
        """The next request, if it is there whole and its head was seen before."""
        held = self._held
        start = held.find(_HEAD_END) + 4
        known = self._known.get(held[:start])
        if known is None:
            return None
        like, length = known
        end = start + length
        if len(held) < end:
            return None
        self._held = held[end:]
        self.phase = Phase.WAITING
        return Request(
            like.method,
            like.target,
            like.version,
            like.headers,
            held[start:end],
            like.keep_alive,
            like.content_coding,
        )

    def _read_head(self) -> Fault | None:
        if self.phase is Phase.IDLE:
            if self._held[:1] in (b"\r", b"\n"):  # RFC 9112 2.2: empty lines before a request are ignored
                self._empty_bytes += len(self._held)
                self._held = self._held.lstrip(b"\r\n")
                self._empty_bytes -= len(self._held)
                if self._empty_bytes > _EMPTY_BYTES:
                    return too_many_empty_lines()
            if not self._held:
                return None
            self.phase = Phase.HEAD
        if not self._held:
            return None
        fed = len(self._head)
        ended = self._take_head()
        cap = self._limits.header_bytes
        if (len(self._head) > cap or not ended) and (fault := head_too_large(self._head, cap)) is not None:
            return fault
        if self._refusal is None:
            self._feed_head(self._head if not fed else self._head[fed:])
        if self._refusal is not None:
            return self._refused_head()
        if self._parsed.headers_done != ended:
            return syntax_fault(self._head, "the header fields do not end where they should")
        if ended:
            return self._frame()
        return version_0_9() if lacks_version(self._head) else None

    def _take_head(self) -> bool:
        """Move bytes from what is held to the head, up to its end; whether that has come."""
        held = self._held
        if not self._head:
            end = held.find(_HEAD_END)
            if end < 0:
                self._head, self._held = bytearray(held), b""
                return False
            self._head, self._held = held[: end + 4], held[end + 4 :]
            return True
        assert isinstance(self._head, bytearray)
        before = len(self._head)
        self._head += held
        end = self._head.find(_HEAD_END, max(0, before - 3))
        if end < 0:
            self._held = b""
            return False
        self._held = bytes(self._head[end + 4 :])
        del self._head[end + 4 :]
        return True

    def _feed_head(self, piece: bytes | bytearray) -> None:
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            if self._parser.get_method() != b"CONNECT":
                self._parse_without_upgrade()
        except httptools.HttpParserError as error:
            self._refusal = str(error)

    def _parse_without_upgrade(self) -> None:
        """llhttp takes what follows an Upgrade for another protocol, and would lose the body."""
        fields = self._parsed.fields
        self._parsed.clear()
        self._parser = httptools.HttpRequestParser(self._parsed)
        try:
            self._parser.feed_data(_UPGRADE_FIELD.sub(b"", bytes(self._head)))
        except httptools.HttpParserError as error:
            self._refusal = str(error)
        self._parsed.fields = fields

    def _refused_head(self) -> Fault | None:
        """The fault; None while the request line, which says what was meant, may still be on its way."""
        assert self._refusal is not None
        if self._parsed.headers_done and (fault := self._frame()) is not None:
            return fault
        if b"\n" not in self._head and _PRINTABLE.fullmatch(self._head):
            return None
        return syntax_fault(self._head, self._refusal)

    def _frame(self) -> Fault | None:
        parsed = self._parsed
        self._framing = frame(
            self._parser.get_http_version(), parsed.fields, body_cap=self._limits.body_bytes
        )
        self.phase = Phase.BODY
        if len(parsed.url) > TARGET_BYTES:
            return target_too_long()
        if self._parser.get_method() == b"CONNECT":
            return method_not_allowed("CONNECT")
        fault = line_fault(self._head, self._parser.get_method()) or self._framing.fault
        if fault is None and self._framing.unframed and self._held:
            return length_required()  # its body is on its way, or something else that nobody could place
        return fault

    def _read_body(self, length: int | None) -> Fault | None:
        held = self._held
        if not held:
            return None
        if length is None:
            if self._chunks is None:
                self._chunks = ChunkedBody(self._feed, self._parsed, self._limits)
            self._held, fault = self._chunks.read(held)
            return fault
        left = length - self._body_bytes
        piece, self._held = (held, b"") if len(held) <= left else (held[:left], held[left:])
        self._body_bytes += len(piece)
        return self._feed(piece)

    def _feed(self, piece: bytes) -> Fault | None:
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserError as error:
            return Fault(400, "bad_request", f"The body is not properly framed: {error}.")
        return None

    def _finish(self, framing: Framing) -> Request:
        parsed = self._parsed
        body = parsed.body
        self.phase = Phase.WAITING
        request = Request(
            method=self._parser.get_method().decode(),
            target=text(parsed.url),
            version=self._parser.get_http_version(),
            headers=framing.headers,
            body=body[0] if len(body) == 1 else b"".join(body),
            keep_alive=framing.keep_alive,
            content_coding=framing.content_coding,
            trailers=as_text(parsed.trailers) if parsed.trailers else (),
        )
        if framing.length is not None and isinstance(self._head, bytes) and not framing.unframed:
            self._known.learn(self._head, request, framing.length)
        return request

    def _broken(self, fault: Fault) -> Broken:
        """The end of this exchange, with what was received of the request."""
        parsed, framing = self._parsed, self._framing
        if framing is None:
            method, target, version = request_line(self._head)
            headers, body = as_text(parsed.fields), bytes(self._head) + self._held
        else:
            method, target = self._parser.get_method().decode(), text(parsed.url)
            version, headers = self._parser.get_http_version(), framing.headers
            if self._chunks is not None and fault.status == 400:
                body = self._chunks.raw + self._held
            else:
                body = b"".join(parsed.body)
                if framing.length is not None:
                    body += self._held
        kept = body[: self._limits.header_bytes + self._limits.body_bytes]
        self.phase = Phase.OVER
        self._held = b""
        request = Request(
            method, target, version, headers, kept, keep_alive=False, trailers=as_text(parsed.trailers)
        )
        return Broken(fault.status, fault.code, fault.message, request)
