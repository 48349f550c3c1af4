"""Imports: a broken file says where and why, and nothing of it is taken."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from inspector.errors import HistoryError, UsageError
from inspector.history.exchange import taking
from inspector.history.exchange.taking import Imported, import_events
from inspector.history.exchange.writing import StoppedError
from inspector.history.model import Direction, Event, Kind
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import BODY, push
from tests.history.exchange.files import EVENT, TOKEN, archive, exported, lines

GOOD = lines(EVENT)


def refused(writer: HistoryWriter, reader: HistoryReader, file: Path, content: bytes) -> str:
    """What an import says that takes nothing."""
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        import_events(lambda: writer, file)
    assert list(reader.ids()) == []
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (GOOD + b"{", "line 2, the last one and perhaps cut off: it is not JSON"),
        (GOOD + lines(EVENT)[:-9], "line 2, the last one and perhaps cut off"),
        (GOOD + b"\n\nnonsense\n" + GOOD, "line 4: it is not JSON"),
        (GOOD + b'"\xff"\n', "line 2: it is not UTF-8 (byte 2)"),
        ("\ufeff".encode("utf-16"), "line 1, the last one and perhaps cut off: it is not UTF-8"),
        (b"[1]\n", "line 1: it is a list where an object belongs"),
        (b"null\n", "line 1: it is null where an object belongs"),
        (lines({**EVENT, "at": "now"}), "line 1: at is a text where a whole number belongs"),
        (lines({**EVENT, "at": True}), "line 1: at is true or false where a whole number belongs"),
        (lines({**EVENT, "at": 2**63}), "line 1: at does not fit in 64 bits"),
        (lines({**EVENT, "at": 2**63 - 1}), "line 1: at is no time between the years 1970 and 9999"),
        (lines({**EVENT, "at": -1}), "line 1: at is no time between"),
        (lines({**EVENT, "last_at": -(2**63)}), "line 1: last_at is no time between"),
        (lines({**EVENT, "settled_at": 2**62}), "line 1: settled_at is no time between"),
        (lines({"kind": "push", "direction": "in"}), "line 1: at is missing"),
        (lines({**EVENT, "kind": "pull"}), "line 1: kind is “pull”, which is none of push, handshake"),
        (lines({**EVENT, "headers": {"a": "b"}}), "line 1: headers is an object where a list belongs"),
        (
            lines({**EVENT, "headers": [["a"]]}),
            "line 1: headers has an entry that is no pair of name and value",
        ),
        (lines({**EVENT, "body_base64": "?"}), "line 1: body_base64 is not base64"),
        (b'{"kind":"push","direction":"in","at":1,"body":"\\ud800"}\n', "half of a surrogate pair"),
        (lines({**EVENT, "retry_key": "xyz"}), "line 1: retry_key is not hexadecimal"),
        (lines({**EVENT, "count": 0}), "line 1: count is 0, less than 1"),
        (lines({**EVENT, "mark": {"color": "pink"}}), "line 1: mark.color is none of red,"),
        (
            lines(
                {**EVENT, "problems": [{"code": "a", "severity": "error"}, {"code": "b", "severity": "bad"}]}
            ),
            "line 1: problems[1].severity is “bad”",
        ),
        (
            lines({**EVENT, "connection": {"tls": {"offer": {"ciphers": [1]}}}}),
            "connection.tls.offer.ciphers is a",
        ),
        (
            lines({"push_inspector_export": 2}, EVENT),
            "newer version of Push Inspector (format 2, this one knows 1)",
        ),
        (b"[" * 100_000 + b"\n", "line 1: it is nested too deeply"),
        (b'{"at":' + b"1" * 5000 + b"}\n", "line 1: it holds a number of more than"),
    ],
)
def test_a_broken_line_is_told(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path, content: bytes, words: str
) -> None:
    assert words in refused(writer, reader, tmp_path / "in.jsonl", content)


def test_no_secret_is_in_what_is_told(writer: HistoryWriter, reader: HistoryReader, tmp_path: Path) -> None:
    said = refused(
        writer, reader, tmp_path / "in.jsonl", lines({**EVENT, "sequence": TOKEN, "device_token": TOKEN})
    )
    assert "sequence" in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        b"\n \n" + GOOD + b"\n\n",
        GOOD.strip(),
        lines({"push_inspector_export": 1}) + GOOD,
        b"\xef\xbb\xbf" + lines({"push_inspector_export": 1}) + GOOD,
        lines({**EVENT, "of a later version": [1]}),
    ],
    ids=["mark", "crlf", "blank", "unended", "header", "marked header", "unknown key"],
)
def test_a_file_is_read_as_others_write_it(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(content)
    assert import_events(lambda: writer, file) == Imported(1, 0, 1, 1)


def test_a_header_alone_is_an_export_of_nothing(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path
) -> None:
    exported(writer, tmp_path / "out.jsonl", [])
    exported(writer, tmp_path / "out.har", [])
    assert import_events(lambda: writer, tmp_path / "out.jsonl") == Imported(0, 0)
    assert import_events(lambda: writer, tmp_path / "out.har") == Imported(0, 0)


@pytest.mark.parametrize(
    ("name", "words"), [("in.csv", "ending"), ("none.jsonl", "can't be read"), ("d.har", "read")]
)
def test_what_can_not_be_imported(writer: HistoryWriter, tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "d.har").mkdir()
    with pytest.raises(UsageError, match=words):
        import_events(lambda: writer, tmp_path / name)


@pytest.mark.parametrize("error", [StoppedError, HistoryError, KeyboardInterrupt])
def test_nothing_stays_of_what_is_broken_off(
    writer: HistoryWriter,
    reader: HistoryReader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
) -> None:
    monkeypatch.setattr(taking, "_BATCH", 2)
    file = tmp_path / "in.jsonl"
    file.write_bytes(GOOD * 9)
    writer.add([push()])
    seen: list[int] = []

    def fail(done: int, total: int) -> None:
        if total:
            seen.append(reader.count().pushes_in)
        if done == 6 and total:
            raise error("stopped") if error is HistoryError else error

    with pytest.raises(error):
        import_events(lambda: writer, file, progress=fail)
    assert seen == [1, 3, 5, 7], "it had begun"
    assert list(reader.ids()) == [1]
    assert reader.count().pushes_in == 1


def test_a_masked_export_is_imported_as_such(tmp_path: Path) -> None:
    with HistoryWriter.open(tmp_path / "one.sqlite3") as writer:
        exported(writer, tmp_path / "out.jsonl", [push(), push()])
        assert import_events(lambda: writer, tmp_path / "out.jsonl").masked == 2


# archives


def entry(**changes: Any) -> dict[str, Any]:
    """An entry as browsers write it."""
    request = {
        "method": "POST",
        "url": "https://proxy.example/push?x=1",
        "httpVersion": "http/2.0",
        "headers": [{"name": "content-type", "value": "application/json"}],
        "queryString": [{"name": "x", "value": "1"}],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(BODY),
        "postData": {"mimeType": "application/json", "text": BODY.decode()},
    }
    response = {
        "status": 500,
        "statusText": "",
        "httpVersion": "http/2.0",
        "headers": [{"name": "server", "value": "nginx"}],
        "cookies": [],
        "content": {"size": 2, "mimeType": "text/plain", "text": "bm8=", "encoding": "base64"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": 2,
    }
    timings = {"blocked": 1, "dns": 4, "connect": 30, "ssl": 20, "send": 0.5, "wait": 9, "receive": 1}
    whole = {"startedDateTime": "2026-01-01T11:00:00.250+01:00", "time": 40, "cache": {}, "timings": timings}
    return {**whole, "request": request, "response": response, **changes}


def taken(writer: HistoryWriter, reader: HistoryReader, file: Path, content: bytes) -> list[Event]:
    file.write_bytes(content)
    import_events(lambda: writer, file)
    return reader.events(reader.ids())


def test_an_archive_of_others_is_taken_as_pushes(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path
) -> None:
    (event,) = taken(writer, reader, tmp_path / "in.har", archive(entry(), creator={"name": "WebInspector"}))
    written = event.written
    assert (written.kind, written.direction, written.at) == (Kind.PUSH, Direction.IN, 1_767_261_600_250_000)
    assert (written.method, written.path, written.url) == (
        "POST",
        "/push?x=1",
        "https://proxy.example/push?x=1",
    )
    assert (written.service.value, written.brand_id, written.sequence) == ("apns", "90588711", 8)
    assert (written.status, written.body, written.answer_body) == (500, BODY, b"no")
    assert written.headers == (("content-type", "application/json"),)
    assert written.timings is not None
    assert (written.timings.resolve, written.timings.connect, written.timings.tls) == (4, 10, 20)
    assert (written.timings.wait, written.timings.total) == (9, 44.5)
    assert written.problems


def test_what_is_no_push_is_taken_too(writer: HistoryWriter, reader: HistoryReader, tmp_path: Path) -> None:
    get = entry(
        request={"method": "GET", "url": "https://a.example", "headers": []},
        response={"status": 0},
        _error="x",
    )
    form = entry(
        request={
            "method": "POST",
            "url": "http://a/b",
            "headers": [],
            "postData": {"mimeType": "x", "params": [{"name": "a", "value": "b c"}], "text": ""},
        }
    )
    raw = entry(
        request={"method": "POST", "url": "http://a/b", "postData": {"text": "/w==", "_encoding": "base64"}}
    )
    events = taken(writer, reader, tmp_path / "in.har", archive(get, form, raw))
    assert [event.written.service.value for event in events] == ["unknown"] * 3
    assert [event.written.body for event in events] == [b"", b"a=b+c", b"\xff"]
    assert (events[0].written.status, events[0].written.detail, events[0].written.path) == (None, "x", "/")


def test_attempts_in_an_archive_of_others_are_counted(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path
) -> None:
    again = entry(startedDateTime="2026-01-01T10:00:10.250Z")
    events = taken(writer, reader, tmp_path / "in.har", archive(entry(), again))
    assert [(event.attempt, event.gap) for event in events] == [(1, None), (2, 10_000_000)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1, column 1: an object with “log” is expected"),
        (b"[]", "line 1, column 1: an object with “log” is expected"),
        (b"{}", "line 1, column 3: there is no “log” in it"),
        (b'{"log": 1}', "line 1, column 9: an object with “entries” is expected"),
        (b'{"log": {"entries": {}}}', "line 1, column 21: a list is expected"),
        (b'{"log": {"version": "1.2"}}', "there is no “entries” in it"),
        (b'{"log": {"entries": []}', "line 1, column 24: “,” is expected"),
        (b'{"log": {"entries": []}} x', "line 1, column 26: there is something after the end"),
        (archive(entry())[:-40], "it is not JSON"),
        (archive(entry()).replace(b'"POST"', b"POST"), "line 19, column 21: it is not JSON: Expecting value"),
        (archive(entry()).replace(b'"nginx"', b'"ngi\xffx"'), "or later: it is not UTF-8"),
        (archive(entry(), 5), "entry 2 (which ends at line"),
        (archive(entry(request=None)), "request is missing"),
        (archive(entry(startedDateTime="today")), "startedDateTime is no time as"),
        (archive(entry(startedDateTime="0001-01-01T00:00:00+14:00")), "startedDateTime is no time between"),
        (archive(entry(response={"status": "ok"})), "response.status is a text where a whole number belongs"),
        (
            archive(entry(request={"headers": [1]})),
            "request.headers[0] is a whole number where an object belongs",
        ),
        (archive(entry(_pushInspector={"kind": "push"})), "at is missing"),
        (archive(entry(), _pushInspector={"version": 2}), "newer version of Push Inspector"),
        (b'{"log": {"entries": [' + b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_a_broken_archive_is_told(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path, content: bytes, words: str
) -> None:
    assert words in refused(writer, reader, tmp_path / "in.har", content)


def test_a_client_that_was_turned_away_is_an_entry(writer: HistoryWriter, tmp_path: Path) -> None:
    from tests.history.examples import handshake

    log = json.loads(exported(writer, tmp_path / "out.har", [handshake()]))["log"]
    (one,) = log["entries"]
    assert (one["response"]["status"], one["_error"]) == (0, "unknown_issuer")
    assert one["_pushInspector"]["kind"] == "handshake"
    assert one["_pushInspector"]["connection"]["certificate"]["subject"] == "CN=rogue"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(writer: HistoryWriter, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match="no regular file"):
        import_events(lambda: writer, pipe)
