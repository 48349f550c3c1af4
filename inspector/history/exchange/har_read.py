"""Reading `.har`: our own archives as they were, those of browsers and proxies as pushes that came in. Imports its own
room and the contract.

A foreign entry becomes an event whatever its method: one whose body is no push is of an unknown service. How it was
read is as if the listener had taken it: the same fields, the same problems.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from inspector.contract.parse import parse
from inspector.contract.retry_key import retry_key
from inspector.history.exchange.checked import FaultError, Fields, is_moment
from inspector.history.exchange.har import OWN, VERSION, from_base64
from inspector.history.exchange.json_stream import BrokenJsonError, JsonStream
from inspector.history.exchange.jsonl import fault
from inspector.history.exchange.unrecord import Decoder
from inspector.history.model import Connection, Direction, Headers, Kind, NewEvent, Restored, Timings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(path: Path) -> Iterator[Restored]:
    """The events of a file, one after the other. Raises UsageError for the first entry that can't be read, OSError."""
    decoder = Decoder()
    with path.open("rb") as file:
        stream = JsonStream(file)
        number = 0
        try:
            for value in stream.entries("log", "entries", keep=OWN):
                number += 1
                try:
                    if number == 1:
                        _require_known_version(stream.kept)
                    event = _event(value, decoder)
                except FaultError as error:
                    where = f"entry {number} (which ends at {stream.where()})"
                    raise fault(path, where, str(error)) from error
                yield event
        except BrokenJsonError as error:
            where, _, what = str(error).partition(": ")
            at = f"{where}, after entry {number}" if number else where
            raise fault(path, at, what) from error


def _require_known_version(own: object) -> None:
    version = VERSION if own is None else Fields(own, OWN).number("version", VERSION)
    if version > VERSION:
        raise FaultError(
            f"the file is from a newer version of Push Inspector (format {version}, this one knows {VERSION})"
        )


def _event(value: object, decoder: Decoder) -> Restored:
    entry = Fields(value)
    request = entry.part("request", _same)
    response = entry.part("response", _same)
    if request is None:
        raise FaultError("request is missing")
    headers = _headers(request)
    body = _body(request)
    answer_headers = _headers(response) if response else ()
    answer_body = _content(response) if response else b""
    own = entry.part(OWN, _same)
    if own is None:
        return _foreign(entry, request, response, (headers, body, answer_headers, answer_body))
    return decoder.event_with(
        own,
        headers=own.pairs("headers") if "headers" in own else headers,
        body=body,
        answer_headers=own.pairs("answer_headers") if "answer_headers" in own else answer_headers,
        answer_body=answer_body,
    )


def _foreign(
    entry: Fields, request: Fields, response: Fields | None, carried: tuple[Headers, bytes, Headers, bytes]
) -> Restored:
    headers, body, answer_headers, answer_body = carried
    url = request.text("url")
    parts = _split(url)
    push = parse(body)
    status = response.number("status", 0) if response else 0
    error = entry.text_or_none("_error") or (response.text_or_none("_error") if response else None)
    at = _time(entry.text("startedDateTime", None))
    server = entry.text("serverIPAddress")
    written = NewEvent(
        kind=Kind.PUSH,
        direction=Direction.IN,
        at=at,
        connection=Connection(entry.text("_clientAddress"), server) if server else None,
        service=push.service,
        status=status if status > 0 else None,
        method=request.text("method"),
        path=parts[0],
        url=url,
        headers=headers,
        body=body,
        brand_id=push.brand_id,
        conversation_id=push.conversation_id,
        dialog_id=push.dialog_id,
        originator_id=push.originator_id,
        device_token=push.device_token,
        message=push.message,
        sequence=push.sequence,
        badge=push.badge,
        retry_key=retry_key(push),
        problems=push.problems if body else (),
        detail=error,
        answer_headers=answer_headers,
        answer_body=answer_body,
        timings=entry.part("timings", _timings),
    )
    return Restored(written, last_at=at)


def _same(fields: Fields) -> Fields:
    return fields


def _headers(message: Fields) -> Headers:
    return message.parts("headers", lambda header: (header.text("name"), header.text("value")))


def _body(request: Fields) -> bytes:
    data = request.part("postData", _same)
    if data is None:
        return b""
    text = data.text("text")
    if text or not data.entries_of("params"):
        return _decoded(text, data.text_or_none("_encoding") or data.text("encoding"), "postData.text")
    pairs = data.parts("params", lambda one: (one.text("name"), one.text("value")))
    return urlencode(pairs, errors="surrogatepass").encode()


def _content(response: Fields) -> bytes:
    content = response.part("content", _same)
    return (
        b"" if content is None else _decoded(content.text("text"), content.text("encoding"), "content.text")
    )


def _decoded(text: str, encoding: str, where: str) -> bytes:
    if encoding.lower() == "base64":
        try:
            return from_base64("".join(text.split()))
        except ValueError as error:
            raise FaultError(f"{where} is not base64") from error
    return text.encode("utf-8", "surrogatepass")


def _split(url: str) -> tuple[str, str]:
    """The path with its query, and the host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    path = parts.path or "/"
    return (f"{path}?{parts.query}" if parts.query else path), parts.netloc


def _time(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FaultError("startedDateTime is no time as 2026-01-31T10:00:00.000Z") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - _EPOCH
    microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    if not is_moment(microseconds):
        raise FaultError("startedDateTime is no time between the years 1970 and 9999")
    return microseconds


def _timings(fields: Fields) -> Timings:
    connect, tls = _spent(fields, "connect"), _spent(fields, "ssl")
    if connect is not None and tls is not None:
        connect = max(connect - tls, 0)  # the archive's includes TLS
    resolve = _spent(fields, "dns")
    phases = (
        resolve,
        connect,
        tls,
        _spent(fields, "send"),
        _spent(fields, "wait"),
        _spent(fields, "receive"),
    )
    return Timings(*phases, total=round(sum(one for one in phases if one is not None), 3))


def _spent(fields: Fields, phase: str) -> float | None:
    value = fields.measure(phase)
    return value if value is not None and math.isfinite(value) and value >= 0 else None
