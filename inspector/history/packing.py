"""The parts of an event as single values of a column, and back, without loss. Imports history's and contract's words.

SQLite keeps any text but a lone surrogate (half a UTF-16 pair): a text that has one is kept as bytes instead.
What is read is checked, since a file may have been altered by hand: ValueError, KeyError or TypeError mean damage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

from inspector.contract.push import Problem, Severity
from inspector.history.model import Advice, ClientOffer, Forwarded, Headers, Timings, TlsFacts

SqlValue = str | bytes | int | float | None

_OFFERED = tuple(part.name for part in fields(ClientOffer))
_PHASES = tuple(phase.name for phase in fields(Timings))
_LENGTH_BYTES = 4
_encode = json.JSONEncoder(separators=(",", ":")).encode  # json.dumps would make an encoder for each value
_HEADER_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_HEADER_ESCAPED = {"\\": "\\", "n": "\n", "c": ":"}


def storable(value: SqlValue) -> SqlValue:
    """The value as SQLite can keep it."""
    if type(value) is not str or value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")
    return value


def text(value: object) -> str:
    """A text that was made storable."""
    if type(value) is bytes:
        return value.decode("utf-8", "surrogatepass")
    if type(value) is not str:
        raise TypeError(f"{type(value).__name__} where a text belongs")
    return value


def text_or_none(value: object) -> str | None:
    return None if value is None else text(value)


def whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError(f"{type(value).__name__} where a number belongs")
    return value


def whole_or_none(value: object) -> int | None:
    return None if value is None else whole(value)


def raw(value: object) -> bytes:
    if type(value) is not bytes:
        raise TypeError(f"{type(value).__name__} where bytes belong")
    return value


@lru_cache(maxsize=256)  # a client sends the same ones with every push
def pack_headers(headers: Headers) -> str | None:
    """One line each, `Name: value`, as people read and search them; a backslash escapes what would break a line."""
    if not headers:
        return None
    lines = "\n".join([f"{name}: {value}" for name, value in headers])
    if "\\" not in lines and lines.count("\n") == len(headers) - 1 and lines.count(": ") == len(headers):
        return lines
    return "\n".join([f"{_escape_name(name)}: {_escape(value)}" for name, value in headers])


@lru_cache(maxsize=256)
def unpack_headers(lines: str | None) -> Headers:
    if lines is None:
        return ()
    pairs = [line.partition(": ") for line in lines.split("\n")]
    if "\\" not in lines:
        return tuple((name, value) for name, _, value in pairs)
    return tuple((_unescape(name), _unescape(value)) for name, _, value in pairs)


def pack_problems(problems: Sequence[Problem]) -> str | None:
    """A JSON list of `[code, severity, path, message]`."""
    if not problems:
        return None
    parts = [(problem.code, problem.severity, problem.path, problem.message) for problem in problems]
    return _to_json(parts)


def unpack_problems(packed: str | None) -> tuple[Problem, ...]:
    if packed is None:
        return ()
    return tuple(
        Problem(code, Severity(severity), path, message)
        for code, severity, path, message in json.loads(packed)
    )


def worst_severity(problems: Sequence[Problem]) -> str | None:
    """The severity that a table shows for all of them."""
    found = {problem.severity for problem in problems}
    return next((severity.value for severity in Severity if severity in found), None)


def pack_timings(timings: Timings | None) -> str | None:
    """A JSON object of the phases that happened, in milliseconds."""
    if timings is None:
        return None
    phases = ((name, getattr(timings, name)) for name in _PHASES)
    return _encode({name: spent for name, spent in phases if spent is not None})


def unpack_timings(packed: str | None) -> Timings | None:
    return None if packed is None else Timings(**json.loads(packed))


@lru_cache(maxsize=256)  # a client's handshakes are mostly alike
def pack_handshake(tls: TlsFacts) -> str | None:
    """A JSON object of what a handshake brought besides what it settled on; None where that is nothing."""
    offer = None if tls.offer is None else {name: getattr(tls.offer, name) for name in _OFFERED}
    facts = {
        "offer": offer,
        "asked_for": tls.asked_for,
        "alert_sent": tls.alert_sent,
        "alert_received": tls.alert_received,
    }
    found = {name: value for name, value in facts.items() if value is not None}
    return _to_json(found) if found else None


@lru_cache(maxsize=256)
def unpack_handshake(packed: str | None) -> Mapping[str, Any]:
    """The same as arguments of TlsFacts."""
    if packed is None:
        return {}
    found = json.loads(packed)
    offer, asked_for = found.get("offer"), found.get("asked_for")
    if offer is not None:
        found["offer"] = ClientOffer(**{name: tuple(offer[name]) for name in _OFFERED})
    if asked_for is not None:
        found["asked_for"] = tuple(asked_for)
    return {name: found.get(name) for name in ("offer", "asked_for", "alert_sent", "alert_received")}


def pack_forwarded(forwarded: Forwarded | None) -> tuple[str | None, bytes | None]:
    """A JSON object of all but the upstream's body, and that."""
    if forwarded is None:
        return None, None
    advice = forwarded.advice
    facts = {
        "url": forwarded.url,
        "status": forwarded.status,
        "headers": forwarded.headers or None,
        "timings": pack_timings(forwarded.timings),
        "reason": forwarded.reason,
        "detail": forwarded.detail,
        "advice": None if advice is None else (advice.happened, advice.cause, advice.remedy),
    }
    return _to_json({name: value for name, value in facts.items() if value is not None}), forwarded.body


def unpack_forwarded(packed: str | None, body: bytes) -> Forwarded | None:
    if packed is None:
        return None
    facts = json.loads(packed)
    return Forwarded(
        url=facts["url"],
        status=facts.get("status"),
        headers=tuple((name, value) for name, value in facts.get("headers", ())),
        body=body,
        timings=unpack_timings(facts.get("timings")),
        reason=facts.get("reason"),
        detail=facts.get("detail"),
        advice=Advice(*facts["advice"]) if "advice" in facts else None,
    )


def _to_json(value: object) -> str:
    packed = _encode(value)
    # Two escaped halves of a surrogate pair would come back as one character.
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False) if "\\ud" in packed else packed


def pack_parts(parts: Iterable[bytes]) -> bytes:
    """Bytes one after the other, each after its length."""
    return b"".join([len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts])


def unpack_parts(packed: bytes) -> tuple[bytes, ...]:
    parts = []
    place = 0
    while place < len(packed):
        begin = place + _LENGTH_BYTES
        place = begin + int.from_bytes(packed[place:begin], "big")
        if place > len(packed) or begin > len(packed):
            raise ValueError("a part is shorter than its length says")
        parts.append(packed[begin:place])
    return tuple(parts)


def _escape(part: str) -> str:
    return part.replace("\\", "\\\\").replace("\n", "\\n")


def _escape_name(name: str) -> str:
    return _escape(name).replace(":", "\\c")


def _unescape(part: str) -> str:
    return _HEADER_ESCAPE.sub(lambda match: _HEADER_ESCAPED[match[1]], part)
