"""Where threads meet: the listener and the sender poke, the table's model is fed in batches in the UI thread.

The reader of the history lives in the worker's thread. Imports history, the workbench and PySide6.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from inspector.errors import HistoryError
from inspector.history.known_values import KnownValue
from inspector.history.model import Counts, Event, Row
from inspector.history.ordering import Order
from inspector.history.query import Query
from inspector.ui.pace import Pace
from inspector.ui.push_model import PushModel
from inspector.ui.search_turns import Search
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.history.reader import HistoryReader

OTHER_PROCESS_MILLISECONDS = 1000
TAIL_ROWS = 64
CHANGED_ROWS = 2048
# Results of a search that is not by time are looked up anew, as rows come, at most this part of the time.
ORDER_PARTS = 10

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Batch:
    ids: array[int]
    rows: list[Row]
    changed: list[Row]
    counts: Counts
    seen: int
    matching: frozenset[int] = frozenset()  # of those that have changed


@dataclass(frozen=True, slots=True)
class _Start:
    """The beginning of a result: its newest ids, and the search that brings the older ones, where there are more."""

    batch: _Batch
    search: Search | None
    seconds: float = 0.0
    renewed: bool = False


class HistoryFeed(QObject):
    """Feeds a PushModel from a history file.

    `poke` may be called from any thread: there are new or changed events. `appended` tells how many rows came,
    `counted` brings the counts, `replaced` says that another filter's result is shown; `searching` tells whether
    older rows of it are still to come.
    """

    appended = Signal(int)
    counted = Signal(object)
    replaced = Signal()
    searching = Signal(bool)
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
        self._deletions = 0  # of the worker's thread
        self._seen = 0  # up to this id it is known what the result holds
        self._query: Query | None = None
        self._order: Order | None = None
        self._order_seconds = 0.0
        self._older_to_come = False
        self._pending = False
        self._busy = False
        self._again = False
        self._tail = TAIL_ROWS
        self._pace = Pace(time.monotonic, time.thread_time)
        self._flush = QTimer(self, singleShot=True)
        self._flush.setTimerType(Qt.TimerType.PreciseTimer)
        self._flush.timeout.connect(self._read_tail)
        self._reorder = QTimer(self, singleShot=True)
        self._reorder.timeout.connect(self._renew)
        self._others = QTimer(self, interval=OTHER_PROCESS_MILLISECONDS)
        self._others.timeout.connect(self._look_for_others)
        self._poked.connect(self._start_flush, Qt.ConnectionType.QueuedConnection)
        worker.at_end(self._close_reader)
        model.rows_wanted.connect(self._read_wanted, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Read what is there and follow from then on; what the filter says is shown of another file too."""
        self._look_up()
        self._others.start()

    def poke(self) -> None:
        """Something was written. Any thread; cheap."""
        if not self._pending:
            self._pending = True
            self._poked.emit()

    def show_rows(self, count: int) -> None:
        """So many rows are to be seen at once: read no more of a batch than that."""
        self._tail = max(TAIL_ROWS, count)

    @property
    def query(self) -> Query | None:
        """Which rows are shown, None for all."""
        return self._query

    @property
    def order(self) -> Order | None:
        """In which order rows are shown, None for the one they came in."""
        return self._order

    def show_query(self, query: Query | None) -> None:
        """Show what matches, instead of what is shown now."""
        self._query = query
        self._look_up()

    def show_order(self, order: Order | None) -> None:
        """Show the same in another order."""
        if order != self._order:
            self._order = order
            self._look_up()

    @Slot()
    def _renew(self) -> None:
        self._look_up(renewed=True)

    def _look_up(self, *, renewed: bool = False) -> None:
        query, order, rows = self._query, self._order, self._tail
        self._busy = True
        self._again = False
        self._worker.outdated("older")
        self.searching.emit(True)

        def job() -> _Start:
            reader = self._open()
            changed = self._changes(reader) if renewed else []
            self._change = self._change if renewed else reader.newest_change()
            self._deletions = reader.deletions()
            seen = reader.last_id()
            began = time.monotonic()
            if order is not None:
                ids = reader.ordered_ids(order, query)
                batch = _Batch(ids, reader.rows(ids[:rows]), changed, reader.count(), seen)
                return _Start(batch, None, time.monotonic() - began, renewed)
            search = Search(reader.search(query))
            ids = search.first(rows)
            batch = _Batch(ids, reader.rows(ids[-rows:]), [], reader.count(), _latest(ids, seen))
            return _Start(batch, None if search.no_more else search)

        self._worker.submit("list", job, self._replace, self._report)

    def _look_for_older(self, search: Search) -> None:
        self._worker.submit("older", search.older, lambda ids: self._prepend(search, ids), self._report)

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

    def known_values(self, field: str, typed: str, done: Callable[[Sequence[KnownValue]], None]) -> None:
        """Find the values of a field for the filter box. Where the history can't be read, there are none to offer."""
        self._worker.submit("values", lambda: self._open().known_values(field, typed), done, _offer_none)

    def read_all(self, ids: Sequence[int], done: Callable[[list[Event]], None], *, lane: str) -> None:
        """Read some events whole; those that are gone are left out."""
        self._worker.submit(lane, lambda: self._open().events(ids), done, self._report)

    def forget_reader(self) -> None:
        """Read another file from now on."""
        self._worker.outdated("older")  # a search of this one could not go on
        self._worker.submit("", self._close_reader)

    def close(self) -> None:
        """Stop following. The worker's thread closes the reader at its end."""
        self._flush.stop()
        self._reorder.stop()
        self._others.stop()

    # in the worker's thread

    def _open(self) -> HistoryReader:
        if self._reader is None:
            from inspector.history.reader import HistoryReader  # the window stands before it is needed

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
        after, query, tail, ordered = self._seen, self._query, self._tail, self._order is not None

        def job() -> _Batch:
            reader = self._open()
            seen = reader.last_id()
            ids = reader.ids(query, after=after)
            rows = [] if ordered else reader.rows(ids[-tail:])
            altered = self._changes(reader)
            matching = frozenset(reader.matching(query, [row.id for row in altered]))
            return _Batch(ids, rows, altered, reader.count(), _latest(ids, seen), matching)

        self._worker.submit("list", job, self._append, self._report)

    def _changes(self, reader: HistoryReader) -> list[Row]:
        """In the worker's thread: the rows that were altered since the last look."""
        ids, self._change = reader.changes_since(self._change)
        return reader.rows(ids[-CHANGED_ROWS:])

    def _replace(self, start: _Start) -> None:
        self._busy = False
        batch = start.batch
        self._seen = batch.seen
        self._order_seconds = start.seconds
        self._older_to_come = start.search is not None
        self._model.reset(batch.ids, batch.rows, ordered=self._order is not None, renewed=start.renewed)
        self._fill_known(batch.changed)
        self.counted.emit(batch.counts)
        self.searching.emit(start.search is not None)
        self.replaced.emit()
        if start.search is not None:
            self._look_for_older(start.search)
        self._go_on()

    def _prepend(self, search: Search, ids: array[int]) -> None:
        self._model.prepend(ids)
        if search.no_more:
            self._older_to_come = False
            self.searching.emit(False)
        else:
            self._look_for_older(search)

    def _append(self, batch: _Batch) -> None:
        self._busy = False
        self._seen = max(self._seen, batch.seen)
        # An answer that became known later may be what makes a push match.
        late = [row for row in batch.changed if row.id in batch.matching and not self._is_shown(row.id)]
        if self._order is None:
            self._model.insert(late)
            self._model.append(batch.ids, batch.rows)
        elif batch.ids or late:
            self._look_up_soon()
        self._fill_known(batch.changed)
        self.counted.emit(batch.counts)
        if batch.ids:
            self.appended.emit(len(batch.ids))
        self._go_on()

    def _fill_known(self, rows: list[Row]) -> None:
        if rows:
            self._model.fill([row for row in rows if self._model.knows(row.id)])

    def _is_shown(self, identifier: int) -> bool:
        """Whether an event is in the table, or comes with the older ones."""
        if self._older_to_come and (not self._model.rowCount() or identifier < self._model.id_at(0)):
            return True
        return self._model.position_of(identifier) is not None

    def _look_up_soon(self) -> None:
        """Look up anew what is not shown by time. Whatever comes meanwhile waits for that and puts it off no longer."""
        if not self._reorder.isActive():
            self._reorder.start(round(1000 * self._order_seconds * ORDER_PARTS))

    def _go_on(self) -> None:
        """Follow what was written while the worker was busy for this feed."""
        if self._again:
            self._again = False
            self._start_flush()

    @Slot()
    def _read_wanted(self) -> None:
        ids = self._model.wanted()
        if ids:
            self._worker.submit(
                "", lambda: (ids, self._open().rows(ids)), lambda found: self._fill(*found), self._report
            )

    def _fill(self, wanted: list[int], rows: list[Row]) -> None:
        self._model.fill(rows)
        self._model.remove({*wanted}.difference(row.id for row in rows))

    @Slot()
    def _look_for_others(self) -> None:
        def job() -> tuple[bool, bool]:
            reader = self._open()
            version = reader.data_version()
            changed, self._version = version != self._version, version
            deletions = reader.deletions() if changed else self._deletions
            deleted, self._deletions = deletions != self._deletions, deletions
            return changed, deleted

        self._worker.submit("version", job, self._note_version)

    def _note_version(self, found: tuple[bool, bool]) -> None:
        changed, deleted = found
        if deleted:
            self._look_for_gone()
        if changed:
            self._start_flush()

    def _look_for_gone(self) -> None:
        """Take out rows whose events were deleted: those that may be looked at, and all before the first that is left.
        Others go when they are looked at."""
        if self._order is not None:
            self._look_up_soon()
            return
        known = self._model.known_ids()
        self._worker.submit(
            "gone", lambda: (self._open().first_id(), self._open().gone(known)), self._take_out, self._report
        )

    def _take_out(self, found: tuple[int, list[int]]) -> None:
        first, gone = found
        self._model.remove_before(first)
        self._model.remove(gone)

    def _report(self, error: BaseException) -> None:
        self._busy = False
        self.searching.emit(False)
        if not isinstance(error, HistoryError):
            error = HistoryError(
                f"The history can't be read: {error}", "Restart, or open another history file."
            )
        self.failed.emit(error)


def _latest(ids: array[int], seen: int) -> int:
    """What was written between two looks may be in the second one."""
    return max(seen, ids[-1]) if ids else seen


def _offer_none(_error: BaseException) -> None:
    """What is wrong with the history is said by whoever shows it."""
