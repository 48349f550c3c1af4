"""The summary as a file: every figure is in it, no secret is, and nothing in it is taken for markup."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from inspector.errors import HistoryError, UsageError
from inspector.history.model import Timings
from inspector.sender.model import SendFailure, SendResult
from inspector.sender.run_page import as_page
from inspector.sender.run_progress import Tally
from inspector.sender.run_record import Recorded
from inspector.sender.run_report import RunReport, as_json, check_ending, save

NASTY = '<script>alert("x")</script>&amp;'
URL = "https://localhost:8443/push/here?token=s3cret"


def report(pushes: int = 200, *, seconds: float = 10.0, error: HistoryError | None = None) -> RunReport:
    tally = Tally(pushes)
    tally.begin(0.0)
    for number in range(pushes):
        status, failure = 200, None
        if number % 10 == 1:
            status = 503
        if number % 20 == 2:
            failure = SendFailure("tls_refused", f"Turned down: {NASTY}", NASTY, NASTY, alert="unknown_ca")
        one = SendResult(0, URL, (), None if failure else status, "", (), b"", Timings(), None, failure)
        due = number * seconds / max(pushes, 1)
        tally.started()
        tally.ended(one, due=due, late=0.0005, now=due + 0.001 * (1 + number % 7))
    tally.finish(cancelled=False)
    return RunReport(f"mine {NASTY}", URL, 16, 20.0, tally.snapshot(), Recorded(pushes - 3, 3, error))


def test_json_has_every_figure() -> None:
    given = report(error=HistoryError("The disk is full."))
    document = json.loads(as_json(given))
    assert (document["format"], document["version"]) == ("push-inspector-run", 1)
    assert re.fullmatch(r"push-inspector \d+\.\d+.*", document["software"])
    assert document["url"] == "https://localhost:8443/push/here?…"
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", document["started_at"])
    assert (document["planned"], document["sent"], document["cancelled"]) == (200, 200, False)
    assert document["statuses"] == {"200": 170, "503": 20}
    assert document["failures"]["tls_refused"]["count"] == 10
    assert document["failures"]["tls_refused"]["alert"] == "unknown_ca"
    for kind in ("latency_ms", "lateness_ms"):
        figures = document[kind]
        assert sum(count for _, _, count in figures["buckets"]) == figures["count"] == 200
        ordered = [figures[name] for name in ("lowest", "median", "p90", "p95", "p99", "p99_9", "highest")]
        assert ordered == sorted(ordered)
    assert sum(one["accepted"] + one["refused"] + one["failed"] for one in document["series"]) == 200
    assert document["history"] == {"stored": 197, "lost": 3, "error": "The disk is full."}
    assert "s3cret" not in as_json(given)


class _Strict(HTMLParser):
    """Every element that begins ends, and none asks for anything from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        names = {name for name, _ in attrs}
        assert not names & {"src", "href", "xlink:href", "srcset", "action", "data"}
        assert not any(name.startswith("on") for name in names)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name.startswith("on") or name in ("href", "src") for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "given",
    [report(), report(1), report(2, seconds=5000), report(5000, seconds=0.5), report(0)],
    ids=["some", "one", "long", "short", "none"],
)
def test_the_page_is_whole_and_needs_nothing(given: RunReport) -> None:
    page = as_page(given)
    parser = _Strict()
    parser.feed(page)
    assert parser.open == []
    assert not parser.seen & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert "prefers-color-scheme: dark" in page
    assert "<script>alert" not in page
    assert "s3cret" not in page
    assert "nan" not in page.lower().replace("finance", "")
    assert "url(" not in page


def test_the_page_draws() -> None:
    page = as_page(report())
    assert page.count("<svg") == 4
    for words in ("Turned down", "unknown_ca", "503", "197 kept", "99.9 %"):
        assert words in page


@pytest.mark.parametrize("name", ["run.json", "run.html", "RUN.HTML"])
def test_it_is_saved_for_us_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("older")
    save(report(), path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("{" if name.endswith("json") else "<!DOCTYPE html>")
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["run.txt", "run", "missing/run.json"])
def test_what_can_t_be_saved_is_said_before(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_ending(tmp_path / name)
    assert caught.value.next_step


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "run.json").mkdir()
    with pytest.raises(UsageError, match="Can't write"):
        save(report(), tmp_path / "run.json")
