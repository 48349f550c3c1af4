"""Archives are what HTTP Archive 1.2 says, whatever the events are; large ones are read in pieces."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.history.exchange import json_stream
from inspector.history.exchange.har import HarWriter
from inspector.history.exchange.json_stream import BrokenJsonError, JsonStream
from inspector.history.model import Event, NewEvent
from tests.history.examples import any_event, connection, push

# What the specification asks for, and of which type.
ENTRY: dict[str, Any] = {
    "startedDateTime": str,
    "time": (int, float),
    "cache": dict,
    "request": {
        "method": str,
        "url": str,
        "httpVersion": str,
        "cookies": list,
        "headers": list,
        "queryString": list,
        "headersSize": int,
        "bodySize": int,
    },
    "response": {
        "status": int,
        "statusText": str,
        "httpVersion": str,
        "cookies": list,
        "headers": list,
        "content": {"size": int, "mimeType": str},
        "redirectURL": str,
        "headersSize": int,
        "bodySize": int,
    },
    "timings": {"send": (int, float), "wait": (int, float), "receive": (int, float)},
}
STANDARD = {"pageref", "serverIPAddress", "connection", "comment"}


def check(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    for name, what in wanted.items():
        if isinstance(what, dict):
            check(found[name], what)
        else:
            assert isinstance(found[name], what), name


def archived(*events: NewEvent) -> list[dict[str, Any]]:
    file = io.BytesIO()
    writer = HarWriter(file, masked=False)
    writer.write([Event(1, 1, None, 1, event.at, event) for event in events])
    writer.end()

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    log = json.loads(file.getvalue().decode(), parse_constant=refuse)["log"]
    assert log["version"] == "1.2"
    assert set(log["creator"]) == {"name", "version"}
    entries: list[dict[str, Any]] = log["entries"]
    return entries


@settings(max_examples=60)
@given(event=any_event)
def test_any_event_is_a_sound_entry(event: NewEvent) -> None:
    (entry,) = archived(event)
    check(entry, ENTRY)
    assert {name for name in entry if not name.startswith("_")} <= {*ENTRY, *STANDARD}
    assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo is not None
    timings = entry["timings"]
    assert all(spent >= -1 for spent in timings.values())
    assert min(timings["send"], timings["wait"], timings["receive"], entry["time"]) >= 0
    url = entry["request"]["url"]
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    for pair in entry["request"]["headers"] + entry["response"]["headers"] + entry["request"]["queryString"]:
        assert set(pair) == {"name", "value"}
    if "postData" in entry["request"]:
        check(entry["request"]["postData"], {"mimeType": str, "text": str})


def test_what_a_client_asked_our_listener_for() -> None:
    headers = (("Host", "push.example:8443"), ("Cookie", "a=1; b=2"), ("Content-Type", "application/json"))
    (entry,) = archived(push(connection=connection(), path="/push?x=1&x=ü", headers=headers))
    request = entry["request"]
    assert request["url"] == "https://push.example:8443/push?x=1&x=%C3%BC"
    assert request["queryString"] == [{"name": "x", "value": "1"}, {"name": "x", "value": "ü"}]
    assert request["cookies"] == [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]
    assert request["postData"]["mimeType"] == "application/json"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80)
@given(
    entries=st.lists(values, max_size=5),
    before=st.dictionaries(st.text(max_size=3), values, max_size=2),
    chunk=st.integers(1, 9),
    indent=st.none() | st.integers(0, 2),
)
def test_entries_are_read_in_pieces(
    entries: list[object], before: dict[str, object], chunk: int, indent: int | None
) -> None:
    text = json.dumps({**before, "log": {**before, "entries": entries, "z": 12}, "z": [1]}, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        assert list(JsonStream(io.BytesIO(text.encode())).entries("log", "entries")) == entries
        broken = text.replace("{", "{ @", 1)
        with pytest.raises(BrokenJsonError, match="line 1, column 3"):
            list(JsonStream(io.BytesIO(broken.encode())).entries("log", "entries"))
