"""Reading histories of older versions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.errors import HistoryError
from inspector.history.files import connect
from inspector.history.reader import HistoryReader
from inspector.history.schema import APPLICATION_ID, STEPS, VERSION, read_version
from inspector.history.up_to_date import open_for_reading

OLD_EVENT = """
    INSERT INTO events (id, kind, direction, at, last_at, count, service, method, path, url, size, attempt,
        problem_count, reason, advice, body)
    VALUES (1, 'handshake', 'in', 5, 9, 3, 'unknown', '', '', '', 0, 1, 0, 'unknown_issuer', 'Import its CA.', x'')
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A history as the first version left it."""
    path = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        STEPS[0](database)
        database.execute(OLD_EVENT)
        database.execute("UPDATE totals SET last_id = 1, handshake_rows = 1, handshakes = 3")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 1")
    return path


def test_a_file_of_the_first_version_is_read_whole(old: Path) -> None:
    with open_for_reading(old) as reader:
        event = reader.event(1)
        assert event is not None
        assert (event.count, event.last_at, event.settled_at) == (3, 9, None)
        assert event.written.advice is not None
        assert event.written.advice.text == "Import its CA."
        assert reader.count().handshakes == 3
        assert reader.newest_change() == 0
    with closing(connect(old, "ro")) as database:
        assert read_version(database) == VERSION


def test_other_faults_are_told_as_ever(tmp_path: Path) -> None:
    for content in (b"", b"no history"):
        path = tmp_path / "odd.sqlite3"
        path.write_bytes(content)
        with pytest.raises(HistoryError) as mine:
            open_for_reading(path)
        with pytest.raises(HistoryError) as readers:
            HistoryReader.open(path)
        assert mine.value.message == readers.value.message
        assert path.read_bytes() == content
