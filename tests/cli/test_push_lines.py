"""Push lines that are encoded in parts are those that are encoded whole."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from inspector.cli.output import push_line
from inspector.cli.push_lines import PushLines
from inspector.contract.masking import mask_url
from inspector.history.model import (
    Certificate,
    ClientOffer,
    Connection,
    Direction,
    Kind,
    NewEvent,
    TlsFacts,
    Written,
)

_odd = st.sampled_from(['"peer":null', '"tls":null', '","tls":null,"', "\\", '\\"peer":null']) | st.text(
    max_size=9
)
_offers = st.builds(ClientOffer, versions=st.tuples(_odd), alpn=st.tuples(_odd))
_facts = st.builds(
    TlsFacts, sni=st.none() | _odd, offer=st.none() | _offers, asked_for=st.none() | st.tuples(_odd)
)
_certificates = st.builds(
    Certificate,
    *[_odd] * 3,
    not_before=st.just("2026-01-01T00:00:00Z"),
    not_after=st.just("2026-01-01T00:00:00Z"),
)
_connections = st.builds(
    Connection,
    peer=_odd,
    local=_odd,
    certificate=st.none() | _certificates,
    trusted=st.none() | st.booleans(),
    tls=st.none() | _facts,
    via=st.none() | _odd,
)


@given(
    st.lists(st.none() | _connections, min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), _odd, st.none() | _odd), max_size=6),
)
def test_lines_are_the_same_in_parts(
    connections: list[Connection | None], pushes: list[tuple[int, str, str | None]]
) -> None:
    lines = PushLines()
    for number, (which, path, rule) in enumerate(pushes):
        event = NewEvent(
            Kind.PUSH,
            Direction.IN,
            at=number,
            connection=connections[which % len(connections)],
            path=path,
            rule=rule,
            brand_id=path,
        )
        written = Written(number, 2, 1_500_000)
        text = lines.text(written, event)
        whole = {**push_line(written, event), "path": mask_url(path)}
        assert "\n" not in text
        assert json.loads(text) == whole
        assert list(json.loads(text)) == list(whole)


def test_many_connections_are_not_kept_for_ever() -> None:
    lines = PushLines()
    for number in range(2000):
        connection = Connection(f"peer:{number}", "local:1")
        event = NewEvent(Kind.PUSH, Direction.IN, at=0, connection=connection)
        assert json.loads(lines.text(Written(1, 1), event))["peer"]["address"] == f"peer:{number}"
    assert len(lines._known) <= 512
