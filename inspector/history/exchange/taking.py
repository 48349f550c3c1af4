"""Importing: the events of a file into a history. Imports its own room and the store.

The file is read twice: once to be sure that all of it can be taken, then to take it, some hundred events at a time, so
that a listener's pushes need not wait for the whole. Where that fails or is stopped, what was added is deleted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from inspector.errors import HistoryError, UsageError
from inspector.history.exchange.writing import Progress, StoppedError, ending_of
from inspector.history.model import Restored
from inspector.history.store import HistoryWriter

ENDINGS = (".jsonl", ".har")
_BATCH = 250  # events: a push of a listener waits for some 10 ms


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. `masked` events lack their secrets. The ids are the first and the last here."""

    events: int
    masked: int
    first_id: int = 0
    last_id: int = 0


def import_events(
    writer: Callable[[], HistoryWriter],
    path: Path,
    *,
    progress: Progress = lambda _done, _total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Imported:
    """Add the events of a file, `.jsonl` or `.har`, all or none of them. `writer` is asked for once the whole file was
    found good; `progress` has a total of 0 until then. Raises UsageError for a file that can't be read, HistoryError
    where the history can't be written, StoppedError."""
    ending = ending_of(path, ENDINGS)

    def tell(done: int, total: int) -> None:
        if stopped():
            raise StoppedError
        progress(done, total)

    try:
        if not path.is_dir() and path.exists() and not path.is_file():
            raise UsageError(f"{path} is no regular file.", "It is read twice: save it as a file first.")
        total = 0
        for _ in _read(path, ending):
            total += 1
            if total % _BATCH == 0:
                tell(total, 0)
        tell(total, 0)
        return _take(writer(), _read(path, ending), total, tell)
    except OSError as error:
        raise UsageError(
            f"{path} can't be read: {error.strerror or error}.", "Name a file that was exported."
        ) from error


def _read(path: Path, ending: str) -> Iterator[Restored]:
    if ending == ".har":
        from inspector.history.exchange.har_read import read as read_har

        return read_har(path)
    from inspector.history.exchange.jsonl import read

    return read(path)


def _take(
    writer: HistoryWriter,
    events: Iterator[Restored],
    total: int,
    tell: Progress,
) -> Imported:
    spans: list[range] = []
    added = masked = 0
    try:
        while batch := list(islice(events, _BATCH)):
            tell(added, total)
            ids = writer.restore(batch)
            spans.append(range(ids[0], ids[-1] + 1))
            added += len(batch)
            masked += sum(event.masked for event in batch)
        tell(added, total)
    except BaseException as error:
        _take_back(writer, spans, error)
        raise
    if not spans:
        return Imported(0, 0)
    return Imported(added, masked, spans[0][0], spans[-1][-1])


def _take_back(writer: HistoryWriter, spans: list[range], error: BaseException) -> None:
    left = sum(map(len, spans))
    try:
        for span in reversed(spans):
            writer.delete(span)
            left -= len(span)
    except HistoryError as second:
        raise HistoryError(
            f"The import was broken off, and {left:,} events of it can't be taken out again: {second.message}",
            f"They have the ids {spans[0][0]} and up. {second.next_step}",
        ) from error
