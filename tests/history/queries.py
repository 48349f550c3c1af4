"""Events and queries of all kinds, made of few letters so that they often meet; for hypothesis."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from inspector.contract.push import Problem, Service, Severity
from inspector.history.model import MARK_COLORS, Connection, Direction, Kind, Mark, NewEvent, TlsFacts
from inspector.history.query_fields import FIELDS
from inspector.history.query_tree import (
    AllOf,
    AnyOf,
    Between,
    Contains,
    Everything,
    Has,
    Is,
    Node,
    Not,
    Pattern,
    Words,
)
from tests.history.examples import CLIENT

_letters = st.text("aAeEsS.%_*\\\"':- 0/éÉßſКк\u0301\0", max_size=6)
_words = _letters.filter(bool)
_maybe = st.none() | _letters
_small = st.integers(0, 4)
_bodies = st.one_of(
    _letters.map(str.encode),
    _letters.map(lambda text: b'"' + text.encode("ascii", "backslashreplace").replace(b"/", b"\\/") + b'"'),
    _letters.map(lambda text: text.encode("utf-16-le")),
    st.binary(max_size=6),
)
_connections = st.builds(
    Connection,
    peer=_letters.map(lambda text: text.encode("ascii", "ignore").decode().replace("\0", "")),
    local=st.just("127.0.0.1:8443"),
    certificate=st.none() | st.builds(replace, st.just(CLIENT), subject=_letters, issuer=_letters),
    trusted=st.none() | st.booleans(),
    tls=st.none() | st.builds(TlsFacts, _maybe, _maybe, _maybe),
)
any_events = st.builds(
    NewEvent,
    kind=st.sampled_from(Kind),
    direction=st.sampled_from(Direction),
    at=_small,
    connection=st.none() | _connections,
    service=st.sampled_from(Service),
    status=st.sampled_from([None, 200, 401, 404, 500]),
    method=_letters,
    path=_letters,
    url=_letters,
    headers=st.lists(st.tuples(_letters, _letters), max_size=2).map(tuple),
    body=_bodies,
    brand_id=_maybe,
    conversation_id=_maybe,
    message=_maybe,
    device_token=_maybe,
    sequence=st.none() | _small,
    retry_key=st.none() | st.just(b"k"),
    problems=st.lists(
        st.builds(
            Problem, st.sampled_from(["a", "aE", "e_0"]), st.sampled_from(Severity), _letters, _letters
        ),
        max_size=2,
    ).map(tuple),
    reason=_maybe,
    detail=_maybe,
    answer_body=_bodies,
    rule=_maybe,
)
_TEXTS = (
    "text",
    "path",
    "header",
    "brand",
    "conv",
    "token",
    "reason",
    "peer",
    "subject",
    "sni",
    "tls",
    "note",
    "mark",
    "rule",
)
any_marks = st.none() | st.builds(Mark, _letters, st.sampled_from(("", *MARK_COLORS)), st.booleans())
_parts = st.lists(_letters, min_size=2, max_size=3).filter(any) | st.lists(_words, min_size=1, max_size=1)
_leaves: st.SearchStrategy[Node] = st.one_of(
    st.just(Everything()),
    st.builds(Words, _words),
    st.builds(Contains, st.sampled_from((*_TEXTS, "body")), _words),
    st.builds(Pattern, st.sampled_from(_TEXTS), _parts.map(tuple)),
    st.builds(Pattern, st.just("problem"), st.sampled_from([("a",), ("A", ""), ("", "0"), ("E_0",)])),
    st.builds(
        Between,
        st.sampled_from(["seq", "badge", "attempt", "size", "id", "at", "count", "status"]),
        st.none() | _small,
        st.none() | _small | st.just(450),
    ),
    st.builds(Is, st.just("service"), st.sampled_from(["apns", "fcm", "huawei", "unknown"])),
    st.builds(Is, st.just("direction"), st.sampled_from(["in", "out"])),
    st.builds(Is, st.just("severity"), st.sampled_from(["error", "warning", "info"])),
    st.builds(
        Is,
        st.just("is"),
        st.sampled_from(sorted({state for _, state in next(f for f in FIELDS if f.name == "is").choices})),
    ),
    st.builds(Has, st.sampled_from((*_TEXTS, "problem", "body", "seq", "status"))),
)
any_trees: st.SearchStrategy[Node] = st.recursive(
    _leaves,
    lambda nodes: st.one_of(
        st.builds(Not, nodes),
        st.builds(AllOf, st.lists(nodes, min_size=2, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(nodes, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
