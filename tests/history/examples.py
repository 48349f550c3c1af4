"""Events for the tests of the history: some that look real, and any that a type allows."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from inspector.contract.push import Problem, Service, Severity
from inspector.history.model import (
    Advice,
    Certificate,
    ClientOffer,
    Connection,
    Direction,
    Forwarded,
    Kind,
    NewEvent,
    Timings,
    TlsFacts,
)

START = 1_767_261_600_000_000  # 2026-01-01T10:00:00Z
SECOND = 1_000_000

CLIENT = Certificate(
    subject="CN=mybrandpush,O=Example",
    issuer="CN=dev-ca",
    fingerprint_sha256="ab" * 32,
    not_before="2026-01-01T00:00:00Z",
    not_after="2027-01-01T00:00:00Z",
    chain=(b"leaf", b"intermediate"),
)
BODY = (
    b'{"aps":{"alert":"My Test: 123"},"push-service":1,"device-token":"01408800000259",'
    b'"conversationId":"13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3","brandId":"90588711","sequence":8}'
)


def connection(**changes: Any) -> Connection:
    """A connection of a trusted client."""
    return replace(
        Connection(
            "127.0.0.1:50123", "127.0.0.1:8443", CLIENT, True, TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256")
        ),
        **changes,
    )


def push(**changes: Any) -> NewEvent:
    """A push to an iPhone that came in and was accepted."""
    return replace(
        NewEvent(
            kind=Kind.PUSH,
            direction=Direction.IN,
            at=START,
            service=Service.APNS,
            status=200,
            method="POST",
            path="/push",
            headers=(("host", "localhost:8443"), ("content-type", "application/json")),
            body=BODY,
            brand_id="90588711",
            conversation_id="13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
            dialog_id="13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3",
            originator_id="90588718.2333061110",
            device_token="01408800000259",
            message="My Test: 123",
            sequence=8,
            badge=1,
        ),
        **changes,
    )


def handshake(**changes: Any) -> NewEvent:
    """A client that was turned away."""
    return replace(
        NewEvent(
            kind=Kind.HANDSHAKE,
            direction=Direction.IN,
            at=START,
            connection=connection(
                peer="10.0.0.9:40001", certificate=replace(CLIENT, subject="CN=rogue"), trusted=False
            ),
            reason="unknown_issuer",
            detail="certificate verify failed: unable to get local issuer certificate",
            advice=Advice("It is a stranger.", "Its CA is not known.", "Import the CA that issued it."),
        ),
        **changes,
    )


def whole(value: Any) -> Any:
    """A value to compare by: connections are compared by identity, here by what is in them."""
    if isinstance(value, NewEvent | Connection):
        return {part.name: whole(getattr(value, part.name)) for part in fields(value)}
    return value


def bytes_beside(path: Path) -> dict[str, bytes]:
    """Every file of a folder with its content."""
    return {entry.name: entry.read_bytes() for entry in sorted(path.parent.iterdir()) if entry.is_file()}


# Any text that Python can hold: NUL, line breaks, half surrogate pairs.
anything = st.text(st.characters(exclude_categories=())) | st.text("aA :\\\n\r\0é\ud800\udc00", max_size=8)
_maybe = st.none() | anything
_whole_number = st.integers(-(2**63), 2**63 - 1)
_maybe_number = st.none() | _whole_number
_headers = st.lists(st.tuples(anything, anything), max_size=4).map(tuple)
_milliseconds = st.none() | st.floats(allow_nan=False) | st.integers(0, 10**6)
_certificates = st.builds(
    Certificate,
    *(anything,) * 5,
    chain=st.lists(st.binary(max_size=20), max_size=3).map(tuple),
)
_texts = st.lists(anything, max_size=3).map(tuple)
_offers = st.builds(ClientOffer, *(_texts,) * 5)
_connections = st.builds(
    Connection,
    anything,
    anything,
    certificate=st.none() | _certificates,
    trusted=st.none() | st.booleans(),
    tls=st.none()
    | st.builds(TlsFacts, *(_maybe,) * 4, st.none() | _offers, st.none() | _texts, _maybe, _maybe),
    via=_maybe,
)
_advice = st.none() | st.builds(Advice, anything, anything, anything)
_timings = st.none() | st.builds(Timings, *(_milliseconds,) * 7)
any_forwarded = st.builds(
    Forwarded, anything, _maybe_number, _headers, st.binary(max_size=20), _timings, _maybe, _maybe, _advice
)
any_event = st.builds(
    NewEvent,
    kind=st.sampled_from(Kind),
    direction=st.sampled_from(Direction),
    at=_whole_number,
    connection=st.none() | _connections,
    service=st.sampled_from(Service),
    status=_maybe_number,
    method=anything,
    path=anything,
    url=anything,
    headers=_headers,
    body=st.binary(max_size=50),
    brand_id=_maybe,
    conversation_id=_maybe,
    dialog_id=_maybe,
    originator_id=_maybe,
    device_token=_maybe,
    message=_maybe,
    sequence=_maybe_number,
    badge=_maybe_number,
    retry_key=st.none() | st.binary(max_size=4),
    problems=st.lists(
        st.builds(Problem, anything, st.sampled_from(Severity), anything, anything), max_size=3
    ).map(tuple),
    reason=_maybe,
    detail=_maybe,
    advice=_advice,
    answer_headers=_headers,
    answer_body=st.binary(max_size=20),
    timings=_timings,
    rule=_maybe,
    forwarded=st.none() | any_forwarded,
)
