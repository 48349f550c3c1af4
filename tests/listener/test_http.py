"""HTTP as bytes in, events out: no sockets here."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.listener.config import Limits
from inspector.listener.http import HttpExchange, KnownHeads
from inspector.listener.http_events import Broken, ContinueWanted, HttpEvent, Phase, Request

LIMITS = Limits(header_bytes=16 * 1024, body_bytes=1000)
HEAD = b"POST /a HTTP/1.1\r\nHost: x\r\n"


def feed(
    *pieces: bytes, limits: Limits = LIMITS, known: KnownHeads | None = None, end: bool = True
) -> list[HttpEvent]:
    """All events of these bytes, each request answered at once, and what the connection's end adds."""
    exchange = HttpExchange(limits, known)
    events: list[HttpEvent] = []
    for piece in pieces:
        exchange.receive(piece)
        while (event := exchange.next_event()) is not None:
            events.append(event)
            if isinstance(event, Request):
                exchange.answered(keep_alive=event.keep_alive)
    if end and (broken := exchange.end()) is not None:
        events.append(broken)
    return events


def only(*pieces: bytes, limits: Limits = LIMITS) -> Request:
    (event,) = feed(*pieces, limits=limits)
    assert isinstance(event, Request)
    return event


def broken(*pieces: bytes, limits: Limits = LIMITS) -> Broken:
    event = feed(*pieces, limits=limits)[-1]
    assert isinstance(event, Broken)
    return event


def test_a_request_as_it_came() -> None:
    request = only(
        b"POST /push?app=1 HTTP/1.1\r\nHOST: x\r\nX-A: 1\r\nx-a:  2\r\nX-Empty:\r\n"
        b"X-Text: \xc3\xbc\r\nX-Old: \xfc\r\nContent-Length: 3\r\n\r\na\x00c"
    )
    assert request == Request(
        method="POST",
        target="/push?app=1",
        version="1.1",
        headers=(
            ("HOST", "x"), ("X-A", "1"), ("x-a", "2"), ("X-Empty", ""), ("X-Text", "ü"), ("X-Old", "ü"),
            ("Content-Length", "3"),
        ),
        body=b"a\x00c",
        keep_alive=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "keep_alive"),
    [
        (b"HTTP/1.1\r\nHost: x", True),
        (b"HTTP/1.1\r\nHost: x\r\nConnection: close", False),
        (b"HTTP/1.1\r\nHost: x\r\nConnection: foo, Close", False),
        (b"HTTP/1.1\r\nHost: x\r\nConnection: keep-alive", True),
        (b"HTTP/1.0", False),
        (b"HTTP/1.0\r\nHost: x\r\nConnection: Keep-Alive", True),
        (b"HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close", False),
    ],
)
def test_who_keeps_the_connection(first: bytes, keep_alive: bool) -> None:
    assert only(b"POST / " + first + b"\r\n\r\n").keep_alive is keep_alive


def test_chunks_extensions_and_trailers() -> None:
    request = only(
        HEAD + b"Transfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 7\r\n\r\n"
    )
    assert request.body == b"abc0123456789"
    assert request.headers == (("Host", "x"), ("Transfer-Encoding", "Chunked"))
    assert request.trailers == (("X-Sum", "7"),)


def test_trailers_do_not_pose_as_headers() -> None:
    request = only(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Basic eDp5\r\n\r\n")
    assert "Authorization" not in dict(request.headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_read_whole(method: str) -> None:
    events = feed(f"{method} /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab".encode() + HEAD + b"\r\n")
    assert [(event.method, event.body) for event in events if isinstance(event, Request)] == [
        (method, b"ab"), ("POST", b""),
    ]  # fmt: skip


def test_empty_lines_before_a_request_are_ignored() -> None:
    events = feed(b"\r\n\r\n" + HEAD + b"\r\n\r\n\r\n" + HEAD + b"\r\n\r\n")
    assert len(events) == 2


def test_an_upgrade_is_ignored_and_the_body_kept() -> None:
    events = feed(
        HEAD + b"Connection: Upgrade, HTTP2-Settings\r\nUPGRADE: h2c\r\nHTTP2-Settings: AAM\r\n"
        b"Content-Length: 3\r\n\r\nabc" + HEAD + b"\r\n"
    )
    assert isinstance(events[0], Request)
    assert events[0].body == b"abc"
    assert ("UPGRADE", "h2c") in events[0].headers
    assert isinstance(events[1], Request)


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BAD = [
    ("bare-lf", b"POST /a HTTP/1.1\nHost: x\n\n", 400),
    ("bare-lf-field", b"POST /a HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400),
    ("bare-cr", b"POST /a HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", 400),
    ("folded", HEAD + b"A: b\r\n c\r\n\r\n", 400),
    ("space-before-colon", HEAD + b"A : b\r\n\r\n", 400),
    ("no-colon", HEAD + b"abc\r\n\r\n", 400),
    ("no-name", HEAD + b": b\r\n\r\n", 400),
    ("nul", HEAD + b"A: b\x00\r\n\r\n", 400),
    ("no-host", b"POST /a HTTP/1.1\r\n\r\n", 400),
    ("two-hosts", HEAD + b"host: y\r\n\r\n", 400),
    ("odd-host", b"POST /a HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    ("length-and-chunked", HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked-and-length", HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400),
    ("two-lengths", HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
    ("length-list", HEAD + b"Content-Length: 3, 3\r\n\r\nabc", 400),
    ("length-plus", HEAD + b"Content-Length: +3\r\n\r\nabc", 400),
    ("length-minus", HEAD + b"Content-Length: -3\r\n\r\nabc", 400),
    ("length-hex", HEAD + b"Content-Length: 0x3\r\n\r\nabc", 400),
    ("length-huge", HEAD + b"Content-Length: 99999999999999999999\r\n\r\nabc", 400),
    ("length-empty", HEAD + b"Content-Length:\r\n\r\nabc", 400),
    ("chunked-in-1.0", b"POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked-twice", HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked-not-last", HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400),
    ("coding-unknown", HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    ("coding-identity", HEAD + b"Transfer-Encoding: identity\r\n\r\n", 501),
    ("coding-lookalike", HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    ("chunk-size", HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", 400),
    ("chunk-size-negative", HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n", 400),
    ("chunk-size-overflow", HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n\r\n", 400),
    ("chunk-too-short", HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400),
    ("chunk-lf", HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", 400),
    ("chunk-line-endless", HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;" + b"a" * 9000, 400),
    ("space-in-target", b"POST /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("no-version", b"POST /a\r\nHost: x\r\n\r\n", 505),
    ("space-after-version", b"POST /a HTTP/1.1 \r\nHost: x\r\n\r\n", 400),
    ("garbage", b"\x00\x01\x02\x03\r\n\r\n", 400),
    ("json", b'{"push-service": 1}', 400),
    ("version-1.2", b"POST /a HTTP/1.2\r\nHost: x\r\n\r\n", 400),
    ("version-2", b"POST /a HTTP/2.0\r\nHost: x\r\n\r\n", 505),
    ("version-0.9", b"GET /a\r\n\r\n", 505),
    ("version-0.9-alone", b"GET /a\r\n", 505),
    ("version-3", b"POST /a HTTP/3.0\r\nHost: x\r\n\r\n", 400),
    ("rtsp", b"POST /a RTSP/1.0\r\nHost: x\r\n\r\n", 400),
    ("ice", b"SOURCE /a ICE/1.0\r\nHost: x\r\n\r\n", 400),
    ("asterisk", b"POST * HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("authority", b"POST x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("line-ends-only", b"\r\n" * 1000, 400),
    ("equal-lengths", HEAD + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
    ("length-hex", HEAD + b"Content-Length: 0x3\r\n\r\nabc", 400),
    ("length-underscore", HEAD + b"Content-Length: 1_0\r\n\r\nabc", 400),
    ("length-overflow", HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n", 400),
    ("length-empty", HEAD + b"Content-Length:\r\n\r\n", 400),
    ("identity-and-length", HEAD + b"Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc", 400),
    ("identity", HEAD + b"Transfer-Encoding: identity\r\n\r\n", 501),
    ("xchunked", HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    ("chunked-chunked", HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked-twice", CHUNKED[:-2] + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked-not-last", HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400),
    ("chunked-vertical-tab", HEAD + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked-folded", HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
    ("space-before-fields", b"POST /a HTTP/1.1\r\n X: y\r\nHost: x\r\n\r\n", 400),
    ("chunk-size-space", CHUNKED + b"3 \r\nabc\r\n0\r\n\r\n", 400),
    ("chunk-size-hex", CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n", 400),
    ("chunk-size-wraps", CHUNKED + b"10000000000000003\r\nabc\r\n0\r\n\r\n", 400),
    ("chunk-extension-lf", CHUNKED + b"3;a\nb\r\nabc\r\n0\r\n\r\n", 400),
    ("chunk-extension-line-end", CHUNKED + b'3;a="\r\n"\r\nabc\r\n0\r\n\r\n', 400),
    ("chunk-extensions-too-large", CHUNKED + (b"1;" + b"a" * 3000 + b"\r\nx\r\n") * 7 + b"0\r\n\r\n", 413),
    ("chunk-zeros-too-many", CHUNKED + (b"0" * 3000 + b"1\r\nx\r\n") * 7 + b"0\r\n\r\n", 413),
    ("chunk-announces-too-much", CHUNKED + b"FFFFFFFFFFFFFFFF\r\nabc", 413),
    ("trailer-length", CHUNKED + b"0\r\nContent-Length: 5\r\n\r\n", 400),
    ("trailer-folded", CHUNKED + b"0\r\nA: b\r\n c\r\n\r\n", 400),
    ("fields-too-many", HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n", 431),
    ("http2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("connect", b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    ("unknown-method", b"FLY /a HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    ("lower-method", b"post /a HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    ("expectation", HEAD + b"Expect: wonders\r\nContent-Length: 3\r\n\r\nabc", 417),
    ("body-too-large", HEAD + b"Content-Length: 1001\r\n\r\n", 413),
    ("chunks-too-large", CHUNKED + b"3E8\r\n" + b"a" * 1000 + b"\r\n1\r\na\r\n0\r\n\r\n", 413),
    ("target-too-long", b"POST /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    ("head-too-large", HEAD + b"".join(b"X-%d: %s\r\n" % (n, b"a" * 1000) for n in range(20)) + b"\r\n", 431),
    ("trailers-too-large", CHUNKED + b"0\r\n" + (b"X: " + b"a" * 1000 + b"\r\n") * 20, 431),
]  # fmt: skip
BAD_CASES = pytest.mark.parametrize(
    ("data", "status"), [(b, s) for _n, b, s in BAD], ids=[n for n, _b, _s in BAD]
)


@BAD_CASES
def test_what_breaks_the_rules(data: bytes, status: int) -> None:
    event = broken(data)
    assert event.status == status
    assert event.message.endswith(".")
    assert event.request.keep_alive is False


@BAD_CASES
def test_what_breaks_the_rules_is_noticed_byte_by_byte(data: bytes, status: int) -> None:
    whole, slow = broken(data), broken(*(data[at : at + 1] for at in range(len(data))))
    assert (slow.status, slow.code) == (status, whole.code)
    assert slow.request.method == whole.request.method
    assert slow.request.target == whole.request.target or status == 414


@BAD_CASES
def test_nothing_is_read_after_it(data: bytes, status: int) -> None:
    events = feed(data, HEAD + b"\r\n")
    assert len(events) == 1


@pytest.mark.parametrize("name", ["bare-lf", "garbage", "json", "no-colon", "http2", "unknown-method"])
def test_bytes_that_could_not_be_parsed_are_kept(name: str) -> None:
    data = next(data for case, data, _status in BAD if case == name)
    assert broken(data).request.body == data


def test_a_bad_head_still_says_what_was_meant() -> None:
    request = broken(b"POST /push HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n").request
    assert (request.method, request.target, request.version) == ("POST", "/push", "1.1")


def test_a_body_that_is_framed_badly_is_kept_with_its_frame() -> None:
    event = broken(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\nxyz")
    assert event.request.body == b"3\r\nabc\r\nzz\r\nxyz"
    assert event.request.headers == (("Host", "x"), ("Transfer-Encoding", "chunked"))


def test_a_body_that_is_too_large_is_kept_as_far_as_it_came() -> None:
    assert broken(HEAD + b"Content-Length: 5000\r\n\r\nabc").request.body == b"abc"


@pytest.mark.parametrize(
    ("data", "body", "message"),
    [
        (HEAD + b"Content-Length: 5\r\n\r\nabc", b"abc", "3 of the 5 bytes"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc", b"abc", "3 of a chunked body"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", b"abc", "3 of a chunked body"),
        (HEAD + b"A: b", HEAD + b"A: b", "within its header fields"),
        (b"PO", b"PO", "within its header fields"),
    ],
)
def test_what_was_cut_off_is_kept(data: bytes, body: bytes, message: str) -> None:
    event = broken(data)
    assert event.status is None
    assert event.code == "cut_off"
    assert message in event.message
    assert event.request.body == body


def test_what_takes_too_long_is_answered_408() -> None:
    exchange = HttpExchange(LIMITS)
    assert exchange.time_out() is None
    exchange.receive(HEAD)
    assert exchange.next_event() is None
    event = exchange.time_out()
    assert event is not None
    assert event.status == 408
    assert exchange.phase is Phase.OVER


def test_100_continue_only_for_a_client_that_waits() -> None:
    head = HEAD + b"Expect: 100-Continue\r\nContent-Length: 3\r\n\r\n"
    assert [type(event) for event in feed(head, b"abc")] == [ContinueWanted, Request]
    assert [type(event) for event in feed(head + b"abc")] == [Request]
    assert [type(event) for event in feed(head + b"a", b"bc")] == [Request]
    assert [type(event) for event in feed(HEAD + b"Expect: 100-continue\r\n\r\n")] == [Request]
    assert [type(event) for event in feed(head.replace(b"1.1", b"1.0"), b"abc")] == [Request]
    chunked = HEAD + b"Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert [type(event) for event in feed(chunked, b"0\r\n\r\n")] == [ContinueWanted, Request]


def test_no_100_continue_before_a_refusal() -> None:
    events = feed(HEAD + b"Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n")
    assert [type(event) for event in events] == [Broken]


def test_http_1_0_says_how_long_its_body_is() -> None:
    old = b"POST /a HTTP/1.0\r\n"
    assert only(old + b"Content-Length: 3\r\n\r\nabc").body == b"abc"
    assert only(old + b"\r\n").body == b""
    known = KnownHeads()
    for _ in range(2):
        assert [type(event) for event in feed(old + b"\r\n", known=known)] == [Request]
        event = feed(old + b"\r\nabc", known=known)[0]
        assert isinstance(event, Broken)
        assert (event.status, event.code, event.request.body) == (411, "length_required", b"abc")


def test_line_ends_between_requests_are_not_without_end() -> None:
    exchange = HttpExchange(LIMITS)
    for _ in range(32):
        exchange.receive(b"\r\n")
        assert exchange.next_event() is None
    exchange.receive(b"\r\n")
    assert isinstance(exchange.next_event(), Broken)


def test_an_absolute_target_is_kept_as_it_came() -> None:
    request = only(b"POST https://proxy.example:8443/push?a HTTP/1.1\r\nHost: x\r\n\r\n")
    assert request.target == "https://proxy.example:8443/push?a"


def test_one_request_at_a_time() -> None:
    exchange = HttpExchange(LIMITS)
    exchange.receive((HEAD + b"Content-Length: 1\r\n\r\na") * 3)
    first = exchange.next_event()
    assert isinstance(first, Request)
    assert exchange.next_event() is None
    assert exchange.phase is Phase.WAITING
    assert exchange.held
    exchange.answered(keep_alive=True)
    assert exchange.next_event() == first
    exchange.answered(keep_alive=False)
    assert exchange.next_event() is None
    assert exchange.held == 0


def test_known_heads_mean_the_same_again() -> None:
    known = KnownHeads()
    data = HEAD + b"Content-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc"
    first = feed(data, known=known)
    assert feed(data, known=known) == first
    assert feed(data.replace(b"abc", b"xyz"), known=known)[0] == first[0].__class__(
        **{**{name: getattr(first[0], name) for name in Request.__slots__}, "body": b"xyz"}
    )
    assert feed(data[:-1], b"c", known=known) == first
    assert isinstance(feed(data[:-1], known=known)[0], Broken)
    assert feed(data + data, known=known) == first * 2


def test_known_heads_are_not_without_end() -> None:
    known = KnownHeads()
    for number in range(2000):
        feed(HEAD + b"X: %d\r\n\r\n" % number, known=known)
    assert len(known) <= 512


WHOLE = [
    HEAD + b"Content-Length: 10\r\n\r\n0123456789",
    HEAD + b"\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n7\r\ndefghij\r\n0\r\nT: 1\r\n\r\n",
    b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n",
    HEAD + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nok",
    b"\r\n" + HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b",
]


@given(
    st.lists(st.sampled_from(WHOLE), max_size=5),
    st.sampled_from([b"", *(data for _name, data, _status in BAD if len(data) < 200)]),
    st.lists(st.integers(0, 700), max_size=12),
)
def test_where_the_bytes_are_split_does_not_matter(
    wholes: list[bytes], last: bytes, cuts: Sequence[int]
) -> None:
    data = b"".join(wholes) + last
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[start:end] for start, end in pairwise(places)]
    known = KnownHeads()

    def gist(events: list[HttpEvent]) -> list[object]:
        # How much came after a fault depends on the splitting; what the fault is does not.
        return [
            (event.status, event.code, event.message) if isinstance(event, Broken) else event
            for event in events
            if not isinstance(event, ContinueWanted)
        ]

    assert gist(feed(*pieces, known=known)) == gist(feed(data)) == gist(feed(*pieces, known=known))


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    for event in feed(data, data[:7]):
        assert isinstance(event, Request | Broken | ContinueWanted)


@given(st.binary(max_size=900), st.integers(1, 400))
def test_a_chunked_body_arrives_as_it_was_sent(body: bytes, size: int) -> None:
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    assert only(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n").body == body
