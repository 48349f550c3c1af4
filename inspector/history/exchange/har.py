"""The format `.har`: HTTP Archive 1.2, as browsers and proxies read and write it. Imports its own room.

Each event is an entry. What HTTP Archive has no place for is in the entry's `_pushInspector`: the same object as a line
of `.jsonl` (see `jsonl`) without the headers and bodies, which stand where the archive has them. A client that was
turned away is an entry with the status 0, as browsers write a request that got no answer, without a method, with the
reason in `_error` and `"kind": "handshake"` in `_pushInspector`; so is a push that got no answer, with its method.
A body that is no UTF-8 is in base64 (`"_encoding": "base64"` in `postData`, `"encoding": "base64"` in `content`).
`log._pushInspector` says whether secrets were left out.
"""

from __future__ import annotations

import base64
import json
from math import isfinite
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, quote, urlsplit

import inspector
from inspector.contract.characters import clean, has_lone_surrogate
from inspector.history.exchange.record import Encoder, Record, add_bytes, timestamp, to_record
from inspector.history.model import Direction, Event, Headers, Kind, NewEvent, Timings

VERSION = 1
OWN = "_pushInspector"
_HTTP = "HTTP/1.1"
_IN_URL = "!#$%&'()*+,/:;=?@[]~"
_EPOCH = "1970-01-01T00:00:00.000000Z"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class HarWriter:
    """Writes events to an open file."""

    def __init__(self, file: BinaryIO, *, masked: bool) -> None:
        self._file = file
        self._masked = masked
        self._encoder = Encoder()
        self._between = b""
        creator = _encode({"name": "Push Inspector", "version": inspector.__version__})
        own = _encode({"version": VERSION, "masked": masked})
        file.write(f'{{"log":{{"version":"1.2","creator":{creator},"{OWN}":{own},"entries":['.encode())

    def write(self, events: list[Event]) -> None:
        """Write some more."""
        for event in events:
            self._file.write(b"%b\n%b" % (self._between, self._entry(event)))
            self._between = b","

    def end(self) -> None:
        """Nothing more is to be written."""
        self._file.write(b"\n]}}\n")

    def _entry(self, event: Event) -> bytes:
        own = to_record(event, masked=self._masked, http=False)
        http = _encode(_http(event, own))
        return b'%b,"%b":%b}' % (
            http[:-1].encode(),
            OWN.encode(),
            self._encoder.text(own, event.written.connection),
        )


def _http(event: Event, own: Record) -> Record:
    """What HTTP Archive has places for. What does not fit there goes to `own` as well."""
    written = event.written
    timings = _timings(written.timings)
    entry: Record = {
        "startedDateTime": timestamp(written.at) or _EPOCH,
        "time": round(sum(spent for name, spent in timings.items() if name != "ssl" and spent > 0), 3),
        "request": _request(written, own),
        "response": _response(written, own),
        "cache": {},
        "timings": timings,
    }
    connection = written.connection
    if connection is not None:
        entry["connection"] = clean(connection.peer)
    if event.mark is not None and event.mark.note:
        entry["comment"] = clean(event.mark.note)
    if written.status is None:
        entry["_error"] = clean(written.reason or "")
    return entry


def _request(written: NewEvent, own: Record) -> Record:
    url = _url(written)
    request: Record = {
        "method": clean(written.method),
        "url": url,
        "httpVersion": _HTTP,
        "cookies": _cookies(written.headers, "cookie"),
        "headers": _headers(written.headers, own, "headers"),
        "queryString": [{"name": name, "value": value} for name, value in _query(url)],
        "headersSize": -1,
        "bodySize": len(written.body),
    }
    if written.body:
        data: Record = {"mimeType": _value_of(written.headers, "content-type")}
        text, is_base64 = _text(written.body)
        data["text"] = text
        if is_base64:
            data["_encoding"] = "base64"
        request["postData"] = data
    return request


def _response(written: NewEvent, own: Record) -> Record:
    text, is_base64 = _text(written.answer_body)
    content: Record = {
        "size": len(written.answer_body),
        "mimeType": _value_of(written.answer_headers, "content-type") or "x-unknown",
    }
    if written.answer_body:
        content["text"] = text
        if is_base64:
            content["encoding"] = "base64"
    return {
        "status": written.status or 0,
        "statusText": "",
        "httpVersion": _HTTP,
        "cookies": _cookies(written.answer_headers, "set-cookie"),
        "headers": _headers(written.answer_headers, own, "answer_headers"),
        "content": content,
        "redirectURL": _value_of(written.answer_headers, "location"),
        "headersSize": -1,
        "bodySize": len(written.answer_body) if written.status is not None else -1,
    }


def _url(written: NewEvent) -> str:
    """The target of a sent push, and what the client asked our listener for."""
    if written.direction is Direction.OUT and written.url:
        return _quoted(written.url)
    connection = written.connection
    host = _value_of(written.headers, "host") or (connection.local if connection else "")
    scheme = "https" if connection is None or connection.tls is not None or connection.via else "http"
    path = written.path if written.path.startswith("/") else f"/{written.path}"
    return _quoted(f"{scheme}://{host or 'localhost'}{path if written.kind is Kind.PUSH else '/'}")


def _quoted(url: str) -> str:
    return quote(url, safe=_IN_URL, errors="surrogatepass")


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:  # more fields than anybody reads, or no URL
        return []


def _headers(headers: Headers, own: Record, name: str) -> list[Record]:
    if any(has_lone_surrogate(part) for header in headers for part in header):
        own[name] = headers
    return [{"name": clean(one), "value": clean(value)} for one, value in headers]


def _cookies(headers: Headers, name: str) -> list[Record]:
    """The cookies that are whole; one that was masked is in the headers as such."""
    found = []
    for header, value in headers:
        if header.lower() == name:
            several = value.split(";") if name == "cookie" else [value.partition(";")[0]]
            pairs = [one.partition("=") for one in several]
            found += [{"name": clean(key.strip()), "value": clean(one)} for key, sign, one in pairs if sign]
    return found


def _value_of(headers: Headers, name: str) -> str:
    return next((clean(value) for header, value in headers if header.lower() == name), "")


def _text(data: bytes) -> tuple[str, bool]:
    """Bytes as a text, and whether it is in base64."""
    record: dict[str, Any] = {}
    add_bytes(record, "body", data)
    if "body_base64" in record:
        return record["body_base64"], True
    return record.get("body", ""), False


def _timings(timings: Timings | None) -> Record:
    """The archive's phases, -1 for those that did not happen; in its `connect` TLS is included."""
    spent = timings or Timings()
    connect, tls = _sound(spent.connect), _sound(spent.tls)
    known = [one for one in (connect, tls) if one >= 0]
    return {
        "blocked": -1,
        "dns": _sound(spent.resolve),
        "connect": sum(known) if known else -1,
        "ssl": tls,
        "send": max(_sound(spent.send), 0),
        "wait": max(_sound(spent.wait), 0),
        "receive": max(_sound(spent.read), 0),
    }


def _sound(spent: float | None) -> float:
    return spent if spent is not None and isfinite(spent) and spent >= 0 else -1


def from_base64(text: str) -> bytes:
    """What a body in base64 stands for. Raises ValueError."""
    return base64.b64decode(text, validate=True)
