"""The format `.csv`: a table for people and spreadsheets, by RFC 4180, in UTF-8 with a row of titles. It can't be
imported. Imports its own room.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import BinaryIO

from inspector.contract.characters import clean
from inspector.history.exchange.record import timestamp
from inspector.history.model import Certificate, Event, TlsFacts

_Cell = str | int | float | None
# A spreadsheet takes a cell that begins so for a formula, and some run what it says.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _certificate(event: Event) -> Certificate | None:
    connection = event.written.connection
    return connection.certificate if connection else None


def _tls(event: Event) -> TlsFacts | None:
    connection = event.written.connection
    return connection.tls if connection else None


COLUMNS: tuple[tuple[str, Callable[[Event], _Cell]], ...] = (
    ("id", lambda event: event.id),
    ("time", lambda event: timestamp(event.written.at)),
    ("kind", lambda event: event.written.kind.value),
    ("direction", lambda event: event.written.direction.value),
    ("service", lambda event: event.written.service.value),
    ("status", lambda event: event.written.status),
    ("brand_id", lambda event: event.written.brand_id),
    ("conversation_id", lambda event: event.written.conversation_id),
    ("dialog_id", lambda event: event.written.dialog_id),
    ("originator_id", lambda event: event.written.originator_id),
    ("device_token", lambda event: event.written.device_token),
    ("sequence", lambda event: event.written.sequence),
    ("badge", lambda event: event.written.badge),
    ("attempt", lambda event: event.attempt),
    ("gap_seconds", lambda event: None if event.gap is None else event.gap / 1_000_000),
    ("message", lambda event: event.written.message),
    ("problem_count", lambda event: len(event.written.problems)),
    ("problems", lambda event: " ".join(one.code for one in event.written.problems)),
    ("reason", lambda event: event.written.reason),
    ("detail", lambda event: event.written.detail),
    ("advice", lambda event: event.written.advice.text if event.written.advice else None),
    ("count", lambda event: event.count),
    ("last_time", lambda event: timestamp(event.last_at)),
    ("method", lambda event: event.written.method),
    ("path", lambda event: event.written.path),
    ("url", lambda event: event.written.url),
    ("size", lambda event: len(event.written.body)),
    ("rule", lambda event: event.written.rule),
    ("answered", lambda event: None if event.settled_at is None else timestamp(event.settled_at)),
    ("upstream_url", lambda event: event.written.forwarded.url if event.written.forwarded else None),
    ("upstream_status", lambda event: event.written.forwarded.status if event.written.forwarded else None),
    ("milliseconds", lambda event: event.written.timings.total if event.written.timings else None),
    ("peer", lambda event: event.written.connection.peer if event.written.connection else None),
    ("via", lambda event: event.written.connection.via if event.written.connection else None),
    (
        "trusted",
        lambda event: _yes_or_no(event.written.connection.trusted if event.written.connection else None),
    ),
    ("subject", lambda event: found.subject if (found := _certificate(event)) else None),
    ("issuer", lambda event: found.issuer if (found := _certificate(event)) else None),
    (
        "fingerprint_sha256",
        lambda event: found.fingerprint_sha256 if (found := _certificate(event)) else None,
    ),
    ("not_after", lambda event: found.not_after if (found := _certificate(event)) else None),
    ("tls_version", lambda event: found.version if (found := _tls(event)) else None),
    ("tls_cipher", lambda event: found.cipher if (found := _tls(event)) else None),
    ("sni", lambda event: found.sni if (found := _tls(event)) else None),
    ("note", lambda event: event.mark.note if event.mark else None),
    ("mark", lambda event: event.mark.color if event.mark else None),
    ("pinned", lambda event: _yes_or_no(event.mark.pinned if event.mark else None)),
)


class TableWriter:
    """Writes events to an open file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._write([[title for title, _ in COLUMNS]])

    def write(self, events: list[Event]) -> None:
        """Write some more."""
        self._write([[_harmless(cell(event)) for _, cell in COLUMNS] for event in events])

    def end(self) -> None:
        """Nothing more is to be written."""

    def _write(self, rows: list[list[_Cell]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        self._file.write(text.getvalue().encode())


def _harmless(cell: _Cell) -> _Cell:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it."""
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _yes_or_no(flag: bool | None) -> str | None:  # noqa: FBT001 - a fact, no switch
    return None if flag is None else "yes" if flag else "no"
