"""Reads conversations in a thread of its own, so that summing up a long one keeps nobody from the newest pushes.

Imports history, the workbench and PySide6. All signals are of the UI thread and carry frozen records.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.contract.push import Severity
from inspector.errors import HistoryError
from inspector.history.conversation_findings import ConversationFinding, find
from inspector.history.conversation_model import (
    NO_CONVERSATION,
    Conversation,
    ConversationKey,
    ConversationSummary,
)
from inspector.history.query import Query
from inspector.history.reader import HistoryReader, ReadInterruptedError
from inspector.ui.conversations.bars import Bars, per_time, retry_gaps
from inspector.ui.conversations.list_model import Judgement
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

PAGE = 200
MOST_PUSHES = 5000
MOST_NEW = 2000
LEAST_PAUSE_MILLISECONDS = 200
PARTS = 4  # following takes at most one part in so many of the thread's time

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list: the first one replaces what is there. `more`: there are others."""

    summaries: tuple[ConversationSummary, ...]
    first: bool
    more: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """A conversation with what is odd about it, and its small plots."""

    conversation: Conversation
    findings: tuple[ConversationFinding, ...]
    over_time: Bars
    gaps: Bars


@dataclass(frozen=True, slots=True)
class _Judged:
    found: dict[ConversationKey, Judgement]
    took: float


@dataclass(frozen=True, slots=True)
class News:
    """The conversations that have news, and those of them that belong into the list by their new pushes."""

    summaries: tuple[ConversationSummary, ...]
    matching: frozenset[ConversationKey]
    too_many: bool
    took: float


class ConversationReading(QObject):
    """`listed` brings a page of the list (Listed), `changed` the News, `judged`
    how many findings they have (a dict of Judgement by key), `timeline_read` the Timeline of the one that is open.
    `can_judge` says that `judge` does something again."""

    listed = Signal(object)
    changed = Signal(object)
    judged = Signal(object)
    can_judge = Signal()
    timeline_read = Signal(object)
    failed = Signal(object)

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = Worker("conversations", self)
        self._worker.at_end(self._close_reader)
        self._reader: HistoryReader | None = None  # of the worker's thread
        self._newest = 0  # of the worker's thread: news are above
        self._change = 0  # of the worker's thread
        self._path = workbench.history_file
        self._query: Query | None = None
        self._below: int | None = None
        self._open_key: ConversationKey | None = None
        self._following = False
        self._again = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._follow)
        self._pause = LEAST_PAUSE_MILLISECONDS
        self._judging = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._rested)

    # what the page asks

    def show_query(self, query: Query | None) -> None:
        """List the conversations of what matches, from the newest on."""
        self._path = self._workbench.history_file
        self._query = query
        self._below = None
        self._following = False
        self._worker.outdated("news")
        self.interrupt()

        def job() -> tuple[Listed, int]:
            reader = self._opened()
            self._change = reader.newest_change()
            newest = reader.ids(limit=1, newest_first=True)
            self._newest = newest[0] if newest else 0
            page = reader.conversations(query, limit=PAGE)
            return Listed(page.summaries, first=True, more=page.reached > 0), page.reached

        self._worker.submit("list", job, self._take_page, self._report)

    def read_more(self, listed: frozenset[ConversationKey]) -> None:
        """The next page; `listed` are the conversations that are in the list."""
        query, below = self._query, self._below

        def job() -> tuple[Listed, int]:
            page = self._opened().conversations(query, limit=PAGE, below=below, skip=listed)
            return Listed(page.summaries, first=False, more=page.reached > 0), page.reached

        self._worker.submit("list", job, self._take_page, self._report)

    def judge(self, keys: Sequence[ConversationKey]) -> None:
        """Count the findings of these conversations. Nothing happens while others are counted: `can_judge` tells when
        to ask again."""
        if self._judging:
            return
        self._judging = True

        def job() -> _Judged:
            began = time.monotonic()
            found = {key: self._judgement(key) for key in keys}
            return _Judged(found, time.monotonic() - began)

        self._worker.submit("", job, self._take_judged, self._judging_failed)

    def open(self, key: ConversationKey | None) -> None:
        """Read a conversation's timeline, and again whenever it has news; None for none."""
        self._open_key = key
        if key is None:
            self._worker.outdated("timeline")
        else:
            self._read_timeline(key)

    def poke(self) -> None:
        """Something was written."""
        if self._following:
            self._again = True
        elif not self._timer.isActive():
            self._timer.start(self._pause)

    @property
    def is_of_another_file(self) -> bool:
        """Whether what is listed is not of the history that is in use now."""
        return self._path != self._workbench.history_file

    def interrupt(self) -> None:
        """Stop what is being read: it is outdated."""
        if self._reader is not None:
            self._reader.interrupt()

    def close(self) -> None:
        """Stop, and wait for the thread."""
        self._timer.stop()
        self._rest.stop()
        self.interrupt()
        self._worker.close()

    # in the worker's thread

    def _opened(self) -> HistoryReader:
        path = self._workbench.history_file
        if self._reader is not None and self._reader.path != path:
            self._close_reader()
        if self._reader is None:
            self._reader = HistoryReader.open(path)
        return self._reader

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _judgement(self, key: ConversationKey) -> Judgement:
        conversation = self._opened().conversation(key, limit=MOST_PUSHES)
        found = _find(conversation)
        bad = any(finding.severity is Severity.ERROR for finding in found)
        return Judgement(conversation.pushes[-1].id if conversation.pushes else 0, len(found), bad)

    # in the UI thread

    def _take_page(self, read: tuple[Listed, int]) -> None:
        page, self._below = read
        self.listed.emit(page)

    def _take_judged(self, judged: _Judged) -> None:
        self.judged.emit(judged.found)
        self._rest.start(round(1000 * PARTS * judged.took))

    def _judging_failed(self, error: BaseException) -> None:
        self._rested()
        self._report(error)

    @Slot()
    def _rested(self) -> None:
        self._judging = False
        self.can_judge.emit()

    def _read_timeline(self, key: ConversationKey) -> None:
        def job() -> Timeline:
            conversation = self._opened().conversation(key, limit=MOST_PUSHES)
            pushes = conversation.pushes
            return Timeline(conversation, _find(conversation), per_time(pushes), retry_gaps(pushes))

        self._worker.submit("timeline", job, self.timeline_read.emit, self._timeline_failed)

    def _timeline_failed(self, error: BaseException) -> None:
        if isinstance(error, ReadInterruptedError) and self._open_key is not None:
            self._read_timeline(self._open_key)
        else:
            self._report(error)

    @Slot()
    def _follow(self) -> None:
        self._following = True
        self._again = False
        query = self._query

        def job() -> News:
            began = time.monotonic()
            reader = self._opened()
            altered, self._change = reader.changes_since(self._change)
            # One more than is looked at, to know whether there are more.
            new = reader.ids(after=self._newest, limit=MOST_NEW + 1, newest_first=True)
            ids = [*new, *altered[-MOST_NEW:]]
            summaries = tuple(reader.conversations_of(ids))
            matching = summaries
            if query is not None and not query.matches_everything:
                matching = tuple(reader.conversations_of(reader.ids(query, after=self._newest)))
            if new:
                self._newest = new[0]
            keys = frozenset(one.key for one in matching)
            return News(summaries, keys, len(new) > MOST_NEW, time.monotonic() - began)

        self._worker.submit("news", job, self._take_news, self._report)

    def _take_news(self, news: News) -> None:
        self._following = False
        self._pause = max(LEAST_PAUSE_MILLISECONDS, round(1000 * PARTS * news.took))
        if news.too_many:
            self.show_query(self._query)
        elif news.summaries:
            self.changed.emit(news)
        touched = any(summary.key == self._open_key for summary in news.summaries)
        if self._open_key is not None and (touched or news.too_many):
            self._read_timeline(self._open_key)
        if self._again:
            self._timer.start(self._pause)

    def _report(self, error: BaseException) -> None:
        self._following = False
        if isinstance(error, ReadInterruptedError):
            return
        if not isinstance(error, HistoryError):
            _log.error("conversations could not be read", exc_info=error)
            error = HistoryError(
                f"The conversations can't be read: {error}", "Restart, or open another history file."
            )
        self.failed.emit(error)


def _find(conversation: Conversation) -> tuple[ConversationFinding, ...]:
    """Pushes that name no conversation have nothing to do with one another."""
    return () if conversation.key == NO_CONVERSATION else find(conversation.pushes)
