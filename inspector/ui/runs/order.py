"""What a run is to send, where and how: frozen, made in the UI thread, carried out in another. No Qt. Imports the
workbench and the sender (lazily, but for its records)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from inspector.sender.run_record import Keep
from inspector.workbench import SendRequest, Workbench

if TYPE_CHECKING:
    from array import array

    from inspector.history.ordering import Order
    from inspector.history.query import Query
    from inspector.sender.captured import Pace
    from inspector.sender.run_plan import Plan


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan to follow, and what is to be said of it; empty for nothing."""

    plan: Plan = field(repr=False)
    remark: str = ""


class Source(Protocol):
    """What is sent. `title` says it in a few words, `rate` is the wanted number of pushes a second, None where there is
    none. `opened` gives the plan for as long as a run needs it; in the run's thread. Raises InspectorError."""

    @property
    def title(self) -> str: ...

    @property
    def rate(self) -> float | None: ...

    def opened(self, workbench: Workbench) -> AbstractContextManager[Opened]: ...


@dataclass(frozen=True, slots=True)
class Written:
    """A body that was written, `count` times. `body_for(n)` makes the one with that number."""

    title: str
    body_for: Callable[[int], bytes] = field(repr=False)
    count: int
    rate: float | None = None

    @contextmanager
    def opened(self, workbench: Workbench) -> Iterator[Opened]:  # noqa: ARG002 - others need it
        from inspector.sender.run_plan import repeats

        yield Opened(repeats(self.body_for, self.count, self.rate))


@dataclass(frozen=True, slots=True)
class Captured:
    """Pushes of the history: those with these ids, or all that match, in this order; the first `most` of them."""

    title: str
    pace: Pace
    ids: array[int] | None = field(default=None, repr=False)
    query: Query | None = None
    order: Order | None = None
    most: int | None = None

    @property
    def rate(self) -> float | None:
        return None if self.pace.gaps else self.pace.rate

    @contextmanager
    def opened(self, workbench: Workbench) -> Iterator[Opened]:
        from inspector.history.reader import HistoryReader
        from inspector.sender.captured import CapturedPushes, choose

        path = workbench.history_file
        with HistoryReader.open(path) as reader:
            chosen = choose(reader, self.ids, query=self.query, order=self.order, most=self.most)
        remark = ""
        if chosen.handshakes:
            were = (
                "1 refused handshake was"
                if chosen.handshakes == 1
                else f"{chosen.handshakes:,} refused handshakes were"
            )
            remark = f"{were} left out: there is nothing in one that could be sent again."
        with CapturedPushes(path, chosen, self.pace) as pushes:
            yield Opened(pushes.plan(), remark)


@dataclass(frozen=True, slots=True)
class Played:
    """A script, `speed` times as fast as it is written; or as fast as it goes, for a speed of None."""

    title: str
    text: str = field(repr=False)
    speed: float | None = 1.0

    @property
    def rate(self) -> float | None:
        return None

    @contextmanager
    def opened(self, workbench: Workbench) -> Iterator[Opened]:  # noqa: ARG002 - others need it
        from inspector.sender.player.play import play
        from inspector.sender.player.script import read_script
        from inspector.sender.run_plan import Plan

        exchange = play(read_script(self.text.encode(), self.title))
        if self.speed is not None:
            yield Opened(exchange.plan(self.speed))
        else:
            yield Opened(Plan(len(exchange.moves), exchange.body))


@dataclass(frozen=True, slots=True)
class RunOrder:
    """A run to begin. `where` says in words where to; `keep` which of its pushes the history keeps."""

    source: Source
    request: SendRequest
    where: str
    concurrency: int = 1
    keep: Keep = Keep.ALL
