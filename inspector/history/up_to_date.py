"""Reading a history whose file may be from an older version. Imports the reader and the writer."""

from __future__ import annotations

from pathlib import Path

from inspector.errors import HistoryError
from inspector.history.reader import OLDER, HistoryReader
from inspector.history.store import HistoryWriter


def open_for_reading(path: Path) -> HistoryReader:
    """As `HistoryReader.open`; a file of an older version is brought up to date first, as writing to it would do.
    Raises HistoryError where it can't be read, or is older and can't be written."""
    try:
        return HistoryReader.open(path)
    except HistoryError as error:
        if error.code != OLDER:
            raise
    HistoryWriter.open(path).close()
    return HistoryReader.open(path)
