"""Where threads meet: the listener and the sender poke, the table's model is fed in batches in the UI thread.

The reader of the history lives in the worker's thread. Imports history, the workbench and PySide6.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from inspector.errors import HistoryError
from inspector.history.model import Event, Row
from inspector.history.query import Query
from inspector.history.reader import Counts, HistoryReader
from inspector.ui.pace import Pace
from inspector.ui.push_model import PushModel
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

OTHER_PROCESS_MILLISECONDS = 1000
TAIL_ROWS = 64
CHANGED_ROWS = 2048

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Batch:
    ids: array[int]
    rows: list[Row]
    changed: list[Row]
    counts: Counts


class HistoryFeed(QObject):
    """Feeds a PushModel from a history file.

    `poke` may be called from any thread: there are new or changed events. `appended` tells how many rows came,
    `counted` brings the counts, `replaced` says that another filter's result is shown.
    """

    appended = Signal(int)
    counted = Signal(object)
    replaced = Signal()
    failed = Signal(object)
    _poked = Signal()

    def __init__(
        self, workbench: Workbench, model: PushModel, worker: Worker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._model = model
        self._worker = worker
        self._reader: HistoryReader | None = None  # of the worker's thread
        self._version = -1  # of the worker's thread
        self._change = 0  # of the worker's thread
        self._query: Query | None = None
        self._pending = False
        self._busy = False
        self._again = False
        self._tail = TAIL_ROWS
        self._pace = Pace(time.monotonic, time.thread_time)
        self._flush = QTimer(self, singleShot=True)
        self._flush.setTimerType(Qt.TimerType.PreciseTimer)
        self._flush.timeout.connect(self._read_tail)
        self._others = QTimer(self, interval=OTHER_PROCESS_MILLISECONDS)
        self._others.timeout.connect(self._look_for_others)
        self._poked.connect(self._start_flush, Qt.ConnectionType.QueuedConnection)
        worker.at_end(self._close_reader)
        model.rows_wanted.connect(self._read_wanted, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Read what is there and follow from then on."""
        self.show_query(None)
        self._others.start()

    def poke(self) -> None:
        """Something was written. Any thread; cheap."""
        if not self._pending:
            self._pending = True
            self._poked.emit()

    def show_rows(self, count: int) -> None:
        """So many rows are to be seen at once: read no more of a batch than that."""
        self._tail = max(TAIL_ROWS, count)

    def show_query(self, query: Query | None) -> None:
        """Show what matches, instead of what is shown now."""
        self._query = query
        self._busy = True
        self._again = False
        tail = self._tail

        def job() -> _Batch:
            reader = self._open()
            self._change = reader.newest_change()
            ids = reader.ids(query)
            return _Batch(ids, reader.rows(ids[-tail:]), [], reader.count())

        self._worker.submit("list", job, self._replace, self._report)

    def read(
        self,
        identifier: int,
        prepare: Callable[[Event | None], _T],
        done: Callable[[_T], None],
        *,
        lane: str = "event",
    ) -> None:
        """Read one event and `prepare` it in the worker's thread; only the newest request of a lane is answered."""
        self._worker.submit(lane, lambda: prepare(self._open().event(identifier)), done, self._report)

    def forget_reader(self) -> None:
        """Read another file from now on."""
        self._worker.submit("", self._close_reader)

    def close(self) -> None:
        """Stop following. The worker's thread closes the reader at its end."""
        self._flush.stop()
        self._others.stop()

    # in the worker's thread

    def _open(self) -> HistoryReader:
        if self._reader is None:
            self._reader = HistoryReader.open(self._workbench.history_file)
        return self._reader

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # in the UI thread

    @Slot()
    def _start_flush(self) -> None:
        if not self._flush.isActive():
            self._flush.start(self._pace.wait_milliseconds())

    @Slot()
    def _read_tail(self) -> None:
        self._pending = False
        self._pace.flushed()
        if self._busy:
            self._again = True
            return
        self._busy = True
        after, query, tail = self._model.last_id, self._query, self._tail

        def job() -> _Batch:
            reader = self._open()
            ids = reader.ids(query, after=after)
            return _Batch(ids, reader.rows(ids[-tail:]), self._changes(reader), reader.count())

        self._worker.submit("list", job, self._append, self._report)

    def _changes(self, reader: HistoryReader) -> list[Row]:
        ids, self._change = reader.changes_since(self._change)
        return reader.rows(ids[-CHANGED_ROWS:])

    def _replace(self, batch: _Batch) -> None:
        self._busy = False
        self._model.reset(batch.ids, batch.rows)
        self.counted.emit(batch.counts)
        self.replaced.emit()

    def _append(self, batch: _Batch) -> None:
        self._busy = False
        self._model.append(batch.ids, batch.rows)
        if batch.changed:
            self._model.fill([row for row in batch.changed if self._model.position_of(row.id) is not None])
        self.counted.emit(batch.counts)
        if batch.ids:
            self.appended.emit(len(batch.ids))
        if self._again:
            self._again = False
            self._start_flush()

    @Slot()
    def _read_wanted(self) -> None:
        ids = self._model.wanted()
        if ids:
            self._worker.submit("", lambda: self._open().rows(ids), self._model.fill, self._report)

    @Slot()
    def _look_for_others(self) -> None:
        def job() -> bool:
            version = self._open().data_version()
            changed, self._version = version != self._version, version
            return changed

        self._worker.submit("version", job, self._note_version)

    def _note_version(self, changed: bool) -> None:  # noqa: FBT001 - a job's result
        if changed:
            self._start_flush()

    def _report(self, error: BaseException) -> None:
        self._busy = False
        if not isinstance(error, HistoryError):
            error = HistoryError(
                f"The history can't be read: {error}", "Restart, or open another history file."
            )
        self.failed.emit(error)
