"""An event as JSON, without loss: what a line of `.jsonl` holds, and what `.har` holds besides HTTP. Pure; imports
history's words.

The names are those of `history.model`; what is None, empty or as usual is left out. `jsonl` says what each means.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from typing import Any
from weakref import WeakKeyDictionary

from inspector.contract.characters import has_lone_surrogate
from inspector.history.model import (
    Advice,
    Certificate,
    ClientOffer,
    Connection,
    Event,
    Forwarded,
    Headers,
    Timings,
    TlsFacts,
)

Record = dict[str, Any]

HALVES = "wtf8"  # the key under which a text is kept that no UTF-8 can hold
_OFFERED = tuple(part.name for part in fields(ClientOffer))
_PHASES = tuple(phase.name for phase in fields(Timings))
_PLAIN = (
    *("status", "method", "path", "url", "brand_id", "conversation_id", "dialog_id", "originator_id"),
    *("device_token", "message", "sequence", "badge", "reason", "detail", "rule"),
)
_YEAR_1, _YEAR_10000 = -62_135_596_800_000_000, 253_402_300_800_000_000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Encoder:
    """Makes records of events. Connections are many events' own: each is written once."""

    def __init__(self) -> None:
        self._connections: WeakKeyDictionary[Connection, bytes] = WeakKeyDictionary()

    def line(self, event: Event, *, masked: bool) -> bytes:
        """The record of an event as JSON in one line."""
        return self.text(to_record(event, masked=masked), event.written.connection) + b"\n"

    def text(self, record: Record, connection: Connection | None) -> bytes:
        """A record as JSON, with its connection."""
        try:
            made = _encode(record).encode()
        except UnicodeEncodeError:  # to look for it before would take a third of the time there is
            made = to_json(record).encode()
        return made if connection is None else made[:-1] + self._connection(connection)

    def _connection(self, connection: Connection) -> bytes:
        made = self._connections.get(connection)
        if made is None:
            made = f',"connection":{_connection(connection)}}}'.encode()
            self._connections[connection] = made
        return made


def to_json(record: Mapping[str, Any]) -> str:
    """JSON in one line, as people read it. A text that has half of a surrogate pair, which is no text to others,
    becomes an object that holds its bytes."""
    made = _encode(record)
    return _encode(_whole(record)) if has_lone_surrogate(made) else made


def timestamp(at: int) -> str:
    """Microseconds since 1970 as RFC 3339 UTC; empty for a time that no calendar has."""
    if not _YEAR_1 <= at < _YEAR_10000:
        return ""
    seconds, rest = divmod(at, 1_000_000)
    return f"{_second(seconds)}.{rest:06d}Z"


@lru_cache(maxsize=256)
def _second(seconds: int) -> str:
    # Without timestamp(), which some platforms refuse for times before 1970.
    moment = datetime.fromtimestamp(0, UTC).toordinal() + seconds // 86_400
    day = datetime.fromordinal(moment)
    hours, rest = divmod(seconds % 86_400, 3600)
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}T{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


def to_record(event: Event, *, masked: bool, http: bool = True) -> Record:
    """All of an event but its connection; without `http` without its headers and bodies, too."""
    written = event.written
    record: Record = {"id": event.id, "kind": written.kind.value, "direction": written.direction.value}
    if time := timestamp(written.at):
        record["time"] = time
    record["at"] = written.at
    if masked:
        record["masked"] = True
    if event.last_at != written.at:
        record["last_at"] = event.last_at
    if event.count != 1:
        record["count"] = event.count
    record["service"] = written.service.value
    for name in _PLAIN:
        value = getattr(written, name)
        if value is not None and value != "":
            record[name] = value
        elif value == "" and name not in ("method", "path", "url"):
            record[name] = ""
    if http:
        _add_http(record, written.headers, written.body, "")
        _add_http(record, written.answer_headers, written.answer_body, "answer_")
    record["attempt"] = event.attempt
    if event.gap is not None:
        record["gap"] = event.gap
    if written.retry_key is not None:
        record["retry_key"] = written.retry_key.hex()
    _add_facts(record, event)
    return record


def _add_facts(record: Record, event: Event) -> None:
    written = event.written
    if written.problems:
        record["problems"] = [
            {"code": one.code, "severity": one.severity.value, "path": one.path, "message": one.message}
            for one in written.problems
        ]
    if written.advice is not None:
        record["advice"] = _advice(written.advice)
    if written.timings is not None:
        record["timings"] = _timings(written.timings)
    if event.settled_at is not None:
        record["settled_at"] = event.settled_at
    if written.forwarded is not None:
        record["forwarded"] = _forwarded(written.forwarded)
    if (mark := event.mark) is not None:
        record["mark"] = {"note": mark.note, "color": mark.color, "pinned": mark.pinned}


def add_bytes(record: Record, name: str, data: bytes) -> None:
    """Bytes as text where they are one in UTF-8, else in base64."""
    if data:
        try:
            record[name] = data.decode()
        except UnicodeDecodeError:
            record[f"{name}_base64"] = base64.b64encode(data).decode("ascii")


def _add_http(record: Record, headers: Headers, body: bytes, prefix: str) -> None:
    if headers:
        record[f"{prefix}headers"] = headers
    add_bytes(record, f"{prefix}body", body)


def _advice(advice: Advice) -> Record:
    return {"happened": advice.happened, "cause": advice.cause, "remedy": advice.remedy}


def _timings(timings: Timings) -> Record:
    spent = ((name, getattr(timings, name)) for name in _PHASES)
    return {
        name: value if isfinite(value) else str(value)  # which JSON has no number for
        for name, value in spent
        if value is not None
    }


def _forwarded(forwarded: Forwarded) -> Record:
    record: Record = {"url": forwarded.url}
    for name in ("status", "reason", "detail"):
        if (value := getattr(forwarded, name)) is not None:
            record[name] = value
    _add_http(record, forwarded.headers, forwarded.body, "")
    if forwarded.timings is not None:
        record["timings"] = _timings(forwarded.timings)
    if forwarded.advice is not None:
        record["advice"] = _advice(forwarded.advice)
    return record


def _connection(connection: Connection) -> str:
    record: Record = {"peer": connection.peer, "local": connection.local}
    for name in ("trusted", "via"):
        if (value := getattr(connection, name)) is not None:
            record[name] = value
    parts = [to_json(record)[1:-1]]
    if connection.certificate is not None:
        parts.append(f'"certificate":{_certificate(connection.certificate)}')
    if connection.tls is not None:
        parts.append(f'"tls":{_tls(connection.tls)}')
    return f"{{{','.join(parts)}}}"


@lru_cache(maxsize=256)  # a client comes again
def _certificate(certificate: Certificate) -> str:
    return to_json(
        {
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "fingerprint_sha256": certificate.fingerprint_sha256,
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
            "chain": [base64.b64encode(one).decode("ascii") for one in certificate.chain],
        }
    )


@lru_cache(maxsize=256)
def _tls(tls: TlsFacts) -> str:
    named = ("version", "cipher", "sni", "alpn", "asked_for", "alert_sent", "alert_received")
    facts = {name: value for name in named if (value := getattr(tls, name)) is not None}
    if tls.offer is not None:
        facts["offer"] = {name: getattr(tls.offer, name) for name in _OFFERED}
    return to_json(facts)


def _whole(value: Any) -> Any:
    """The same with every text that has half of a surrogate pair as an object."""
    if isinstance(value, str):
        if not has_lone_surrogate(value):
            return value
        return {HALVES: base64.b64encode(value.encode("utf-8", "surrogatepass")).decode("ascii")}
    if isinstance(value, Mapping):
        return {key: _whole(one) for key, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, Sequence) else value
