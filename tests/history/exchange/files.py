"""Files to import, and histories to import them into."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inspector.history.exchange.writing import export_events
from inspector.history.model import NewEvent
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter

TOKEN = "0123456789abcdef" * 4
EVENT = {"kind": "push", "direction": "in", "at": 1}


def exported(writer: HistoryWriter, file: Path, events: list[NewEvent], **how: Any) -> bytes:
    """What an export of these events holds."""
    writer.add(events)
    with HistoryReader.open(writer.path) as reader:
        export_events(reader, reader.ids(), file, **how)
    return file.read_bytes()


def lines(*values: object) -> bytes:
    """JSON lines."""
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def archive(*entries: object, **log: object) -> bytes:
    """An HTTP archive."""
    return json.dumps({"log": {"version": "1.2", **log, "entries": list(entries)}}, indent=2).encode()
