"""The README tells every key of an export."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from inspector.history.exchange.record import Encoder
from inspector.history.model import (
    Advice,
    ClientOffer,
    Connection,
    Event,
    Forwarded,
    Mark,
    NewEvent,
    TlsFacts,
)
from tests.history.examples import CLIENT, push

README = Path(__file__).parent.parent.parent.parent / "README.md"


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(key for one in value.values() for key in keys(one))}
    return {key for one in value for key in keys(one)} if isinstance(value, list) else set()


def test_every_key_is_documented() -> None:
    _, _, section = README.read_text(encoding="utf-8").partition("## The export format")
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", section.partition("\n## ")[0]))))
    tls = TlsFacts("a", "b", "c", "d", ClientOffer(), ("e",), "f", "g")
    advice = Advice("a", "b", "c")
    written = push(
        connection=Connection("a", "b", CLIENT, True, tls, "c"),
        reason="a",
        detail="b",
        rule="c",
        url="d",
        advice=advice,
        retry_key=b"k",
        answer_headers=(("a", "b"),),
        answer_body=b"\xff",
        forwarded=Forwarded("u", 200, (("a", "b"),), b"x", None, "r", "d", advice),
    )
    event = Event(1, 2, 3, 4, written.at + 1, written, 5, Mark("a", "red", pinned=True))
    written_keys = keys(json.loads(Encoder().line(event, masked=True)))
    assert written_keys <= named
    told = {field.name for field in (*fields(NewEvent), *fields(Event))} - {"written"}
    assert told <= named
