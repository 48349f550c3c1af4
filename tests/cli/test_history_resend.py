"""`history resend`: which pushes go out again, with which bytes, at which pace, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.history.model import Direction
from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter
from inspector.home import Home
from tests.cli.conftest import Listen, Pems, Run
from tests.history.examples import SECOND, START, handshake, push

BODIES = [f'{{"n":  {n},\r\n"é":"\\u00e9"}}'.encode() for n in (1, 2, 3)]


@pytest.fixture
def captured(home: Home, pems: Pems) -> Home:
    """Three pushes and a refused handshake between them."""
    events = [push(body=body, sequence=n, at=START + n * SECOND // 4) for n, body in enumerate(BODIES)]
    with HistoryWriter.open(home.history_file) as writer:
        writer.add([*events[:2], handshake(), events[2]])
    return home


def sent(home: Home) -> list[bytes]:
    with HistoryReader.open(home.history_file) as reader:
        events = [event.written for event in reader.events(reader.ids())]
    return [event.body for event in events if event.direction is Direction.OUT]


def test_what_was_captured_goes_out_again_byte_for_byte(
    listen: Listen, captured: Home, run_here: Run, tmp_path: Path
) -> None:
    listening = listen(elsewhere=True)
    to = ("--to", listening.url, "--identity", "dev-client")
    summary = tmp_path / "summary.json"
    done = run_here("history", "resend", *to, "--speed", "2", "--json", "--save-summary", str(summary))
    assert done.code == 0, done.err
    assert "1 refused handshake is left out." in done.err
    (line,) = done.lines
    assert (line["sent"], line["statuses"], line["recorded"]) == (3, {"200": 3}, 3)
    assert line["seconds"] >= 0.25, "half of the time they took to come"
    assert sent(captured) == BODIES
    assert json.loads(summary.read_text())["title"] == "all captured pushes"
    assert [listening.next_line()["size"] for _ in BODIES] == [len(body) for body in BODIES]


def test_a_filter_chooses_and_a_limit_cuts(listen: Listen, captured: Home, run_here: Run) -> None:
    listening = listen(elsewhere=True)
    done = run_here(
        *("history", "resend", "seq:1..2", "direction:in", "--limit", "1", "--rate", "50"),
        *("--to", listening.url, "--identity", "dev-client", "--keep", "none"),
    )
    assert done.code == 0, done.err
    assert "1 sent" in done.text
    assert listening.next_line()["size"] == len(BODIES[1])
    assert sent(captured) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "needs a target"),
        (("--to", "https://localhost:1/", "--rate", "5", "--as-they-came"), "two paces"),
        (("seq:77", "--to", "https://localhost:1/"), "No push matches."),
        (("is:handshake", "--to", "https://localhost:1/"), "No push matches."),
        (("--to", "https://localhost:1/", "--save-summary", "x.txt"), ".json or .html"),
        (("1", "--to", "https://localhost:1/"), "Write id:1 for that push"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(
    arguments: tuple[str, ...], said: str, captured: Home, run_here: Run
) -> None:
    done = run_here("history", "resend", *arguments)
    assert done.code == 2
    assert said in done.err


def test_without_a_history_there_is_nothing_to_send(run_here: Run) -> None:
    done = run_here("history", "resend", "--to", "https://localhost:1/")
    assert done.code == 2
    assert "no history yet" in done.err


def test_a_place_where_nothing_listens_is_exit_3(captured: Home, run_here: Run) -> None:
    done = run_here("history", "resend", "--to", "https://localhost:1/")
    assert done.code == 3
    assert "connect_failed" in done.text
