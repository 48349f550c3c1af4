"""Exports: what they hold without secrets, where they may be written, and that nothing is left of a broken one."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.errors import UsageError
from inspector.history.exchange import writing
from inspector.history.exchange.table import COLUMNS
from inspector.history.exchange.writing import StoppedError, export_events
from inspector.history.model import Advice, Direction, Forwarded, Mark, Timings
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from tests.history.examples import connection, handshake, push
from tests.history.exchange.files import TOKEN, exported

ENDINGS = pytest.mark.parametrize("ending", ["jsonl", "har", "csv"])

SECRETS = ("hunter2", "s3cr3t", "brand-own-value", TOKEN)


def secretive() -> Any:
    """A push that holds a secret in every place that can."""
    return push(
        direction=Direction.OUT,
        url=f"https://user:hunter2@example.org/push?api_key=s3cr3t&to={TOKEN}&page=2",
        path=f"/push?access_token=s3cr3t&to={TOKEN}",
        headers=(
            ("Authorization", "Basic hunter2"),
            ("X-Brand", "brand-own-value"),
            ("Cookie", "session=s3cr3t"),
            ("Referer", "https://user:hunter2@example.org/?sig=s3cr3t"),
            ("Content-Type", "application/json"),
        ),
        body=f'{{"device-token":"{TOKEN}","again":"{TOKEN}","text":"Hello"}}'.encode(),
        device_token=TOKEN,
        message="Hello",
        detail=f"connecting to https://user:hunter2@example.org failed for {TOKEN}",
        advice=Advice("See https://a:hunter2@b/", f"token={TOKEN}"),
        answer_headers=(("Set-Cookie", "session=s3cr3t; Path=/"), ("X-Token", "s3cr3t")),
        answer_body=f'{{"device_token":"{TOKEN}"}}'.encode(),
        forwarded=Forwarded(
            "https://up.example/?password=s3cr3t",
            200,
            (("X-Brand", "brand-own-value"),),
            f'{{"device-token":"{TOKEN}"}}'.encode(),
            detail=TOKEN,
        ),
        retry_key=b"made of the token",
    )


@ENDINGS
def test_secrets_are_left_out(writer: HistoryWriter, tmp_path: Path, ending: str) -> None:
    text = exported(writer, tmp_path / f"out.{ending}", [secretive()]).decode()
    assert [secret for secret in SECRETS if secret in text] == []
    assert b"made of the token".hex() not in text
    assert "Hello" in text


@ENDINGS
def test_secrets_are_there_where_asked_for(writer: HistoryWriter, tmp_path: Path, ending: str) -> None:
    text = exported(writer, tmp_path / f"out.{ending}", [secretive()], reveal=True).decode()
    assert TOKEN in text
    assert "hunter2" in text


def test_a_masked_line_says_so(writer: HistoryWriter, tmp_path: Path) -> None:
    head, line = map(json.loads, exported(writer, tmp_path / "out.jsonl", [secretive()]).splitlines())
    assert head["push_inspector_export"] == 1
    assert head["masked"] is line["masked"] is True
    head, line, _ = map(
        json.loads, exported(writer, tmp_path / "bare.jsonl", [push()], reveal=True).splitlines()
    )
    assert head["masked"] is False
    assert "masked" not in line


@ENDINGS
def test_a_note_tells_no_secret_either(writer: HistoryWriter, tmp_path: Path, ending: str) -> None:
    (written,) = writer.add([secretive()])
    writer.annotate(written.id, Mark(f"why does {TOKEN} fail at https://user:hunter2@b/?key=s3cr3t"))
    text = exported(writer, tmp_path / f"out.{ending}", []).decode()
    assert [secret for secret in SECRETS if secret in text] == []
    assert "why does" in text


def test_attempts_at_one_message_still_share_their_key(writer: HistoryWriter, tmp_path: Path) -> None:
    events = [push(retry_key=b"a" * 16), push(retry_key=b"b" * 16), push(retry_key=b"a" * 16)]
    found = exported(writer, tmp_path / "out.jsonl", events).splitlines()[1:]
    one, two, three = (json.loads(line)["retry_key"] for line in found)
    assert one == three != two


@ENDINGS
def test_a_file_is_its_owners_alone(writer: HistoryWriter, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    exported(writer, file, [push()])
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_stays(writer: HistoryWriter, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        exported(writer, file, [push()])
    assert file.read_text() == "mine"
    exported(writer, file, [push()], over=True)
    assert file.read_text() != "mine"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["out", "out.txt", "out.json", ".jsonl"])
def test_an_unknown_ending_is_refused(reader: HistoryReader, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="ending") as caught:
        export_events(reader, [], tmp_path / name)
    assert ".jsonl, .har or .csv" in caught.value.next_step


def test_the_history_is_never_written_over(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path
) -> None:
    writer.add([push()])
    link = tmp_path / "link.jsonl"
    link.symlink_to(writer.path)
    hard = tmp_path / "hard.jsonl"
    hard.hardlink_to(writer.path)
    before = writer.path.read_bytes()
    for path in (link, hard):
        with pytest.raises(UsageError, match="the history itself"):
            export_events(reader, [1], path, over=True)
    assert writer.path.read_bytes() == before
    assert reader.event(1) is not None


@pytest.mark.parametrize(
    ("name", "words"), [("folder.jsonl", "is a folder"), ("no/out.jsonl", "does not exist")]
)
def test_a_place_that_takes_no_file(reader: HistoryReader, tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(UsageError, match=words):
        export_events(reader, [], tmp_path / name, over=True)


def after(times: int, do: Callable[[], Any]) -> Callable[..., Any]:
    """Does something the so many-th time that it is called."""
    calls = iter(range(times))
    return lambda *_: None if next(calls, None) is not None else do()


@ENDINGS
def test_nothing_is_left_of_what_is_stopped(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PAGE", 2)
    writer.add([push() for _ in range(10)])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoppedError):
        export_events(reader, reader.ids(), tmp_path / f"out.{ending}", stopped=after(3, lambda: True))
    assert sorted(tmp_path.iterdir()) == before

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_events(reader, reader.ids(), tmp_path / f"out.{ending}", progress=after(3, interrupt))
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
@ENDINGS
def test_nothing_is_left_where_there_is_no_room(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path, ending: str
) -> None:
    import resource

    writer.add([push() for _ in range(500)])
    before = sorted(tmp_path.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, hard))
    try:
        with pytest.raises(UsageError, match="can't be written: File too large"):
            export_events(reader, reader.ids(), tmp_path / f"out.{ending}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(tmp_path.iterdir()) == before


def test_progress_is_told(
    writer: HistoryWriter, reader: HistoryReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PAGE", 2)
    writer.add([push() for _ in range(5)])
    told: list[tuple[int, int]] = []
    done = export_events(reader, reader.ids(), tmp_path / "out.jsonl", progress=lambda *at: told.append(at))
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]
    assert (done.events, done.masked) == (5, True)


# csv


def table(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def test_a_table_has_what_the_window_shows_and_more(writer: HistoryWriter, tmp_path: Path) -> None:
    text = exported(
        writer,
        tmp_path / "out.csv",
        [
            push(connection=connection(), timings=Timings(total=41.5), message='two\nlines, "quoted"'),
            handshake(),
        ],
    )
    assert text.startswith(b"id,time,kind,")
    assert text.count(b"\r\n") == 3
    first, second = table(text)
    assert (first["time"], first["service"], first["status"]) == (
        "2026-01-01T10:00:00.000000Z",
        "apns",
        "200",
    )
    assert (first["message"], first["milliseconds"], first["trusted"]) == (
        'two\nlines, "quoted"',
        "41.5",
        "yes",
    )
    assert (second["kind"], second["reason"], second["subject"]) == (
        "handshake",
        "unknown_issuer",
        "CN=rogue",
    )
    assert list(first) == [title for title, _ in COLUMNS]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1+cmd|'/c calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_cell_is_a_formula(writer: HistoryWriter, tmp_path: Path, formula: str) -> None:
    (row,) = table(exported(writer, tmp_path / "out.csv", [push(message=formula, sequence=-5)]))
    assert row["message"] == f"'{formula}"
    assert row["sequence"] == "-5", "a number is none"


def test_half_a_surrogate_pair_does_not_break_a_table(writer: HistoryWriter, tmp_path: Path) -> None:
    (row,) = table(exported(writer, tmp_path / "out.csv", [push(message="\ud83d!", path="/\0")]))
    assert row["message"] == "\ufffd!"
