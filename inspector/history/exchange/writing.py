"""Exporting: events of a history into a file, a page at a time. Imports its own room, the reader and
`inspector.whole_file`.

The file has mode 0600, and its name only once it is whole: what is stopped or fails leaves nothing behind.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from inspector.errors import UsageError
from inspector.history.exchange.masked import Mask
from inspector.history.failures import companions
from inspector.history.model import Event
from inspector.history.reader import HistoryReader
from inspector.whole_file import begun

ENDINGS = (".jsonl", ".har", ".csv")
PAGE = 500  # events

Progress = Callable[[int, int], None]
"""Is told how many of how many are done, between pages."""


class StoppedError(Exception):
    """An export or import was stopped, as was asked for; nothing is left of it."""


class Writer(Protocol):
    """One format's way to write."""

    def write(self, events: list[Event]) -> None: ...

    def end(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export."""

    path: Path
    events: int
    masked: bool


def ending_of(path: Path, endings: Sequence[str] = ENDINGS) -> str:
    """The format that a file's name asks for. Raises UsageError where that is none of these."""
    ending = path.suffix.lower()
    if ending not in endings:
        known = ", ".join(endings[:-1]) + f" or {endings[-1]}"
        raise UsageError(
            f"{path.name} has no ending that says in which format.", f"Give it a name that ends in {known}."
        )
    return ending


def export_events(
    reader: HistoryReader,
    ids: Sequence[int],
    path: Path,
    *,
    reveal: bool = False,
    over: bool = False,
    progress: Progress = lambda _done, _total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Exported:
    """Write these events to `path`, in the format of its ending, without secrets unless `reveal`. Over a file that is
    there only with `over`. Raises UsageError where the file can't be written, HistoryError where the history can't be
    read, StoppedError."""
    ending = ending_of(path)
    real = _place(path, reader.path, over=over)
    mask = None if reveal else Mask()
    done = 0
    try:
        with begun(real, over=over) as file:
            writer = _writer(ending, file, masked=not reveal)
            for start in range(0, len(ids), PAGE):
                if stopped():
                    raise StoppedError
                progress(start, len(ids))
                events = reader.events(ids[start : start + PAGE])
                writer.write(events if mask is None else [mask.event(event) for event in events])
                done += len(events)
            writer.end()
            progress(len(ids), len(ids))
            if stopped():
                raise StoppedError
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise UsageError(
            f"{path} can't be written: {error.strerror or error}.", "Name another file, or make room there."
        ) from error
    return Exported(real, done, masked=not reveal)


def _writer(ending: str, file: BinaryIO, *, masked: bool) -> Writer:
    if ending == ".csv":
        from inspector.history.exchange.table import TableWriter

        return TableWriter(file)
    now = time.time_ns() // 1000
    if ending == ".har":
        from inspector.history.exchange.har import HarWriter

        return HarWriter(file, masked=masked)
    from inspector.history.exchange.jsonl import JsonlWriter

    return JsonlWriter(file, masked=masked, now=now)


def _place(path: Path, history: Path, *, over: bool) -> Path:
    """Where the file is to be, links followed. Raises UsageError where that must not be written."""
    try:
        real = Path(os.path.realpath(path))
        found = real.stat() if real.exists() else None
        own = [one for one in (history, *companions(Path(os.path.realpath(history)))) if one.exists()]
        is_own = found is not None and any(real.samefile(one) for one in own)
    except OSError as error:
        raise UsageError(
            f"{path} can't be looked at: {error.strerror or error}.", "Name another file."
        ) from error
    if is_own:
        raise UsageError(f"{path} is the history itself.", "Name another file to export to.")
    if found is not None and not stat.S_ISREG(found.st_mode):
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "no regular file"
        raise UsageError(f"{path} is {what}.", "Name a file to export to.")
    if found is not None and not over:
        raise _taken(path)
    if not real.parent.is_dir():
        raise UsageError(f"The folder {real.parent} does not exist.", "Make it, or name another file.")
    return real


def _taken(path: Path) -> UsageError:
    return UsageError(
        f"{path} exists already.", "Name another file, or replace it with --force.", code="exists"
    )
