"""A history in the test's own folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.history.reader import HistoryReader
from inspector.history.store import HistoryWriter


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a history may be made."""
    return tmp_path / "history.sqlite3"


@pytest.fixture
def writer(path: Path) -> Iterator[HistoryWriter]:
    """A history that is open for writing."""
    with HistoryWriter.open(path) as opened:
        yield opened


@pytest.fixture
def reader(writer: HistoryWriter) -> Iterator[HistoryReader]:
    """The same history, open for reading."""
    with HistoryReader.open(writer.path) as opened:
        yield opened
