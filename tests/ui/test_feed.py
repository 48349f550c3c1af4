"""The feed: the newest of a result first, the older rows after it, what is written meanwhile, other orders."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from inspector.history.model import Settled
from inspector.history.ordering import Order
from inspector.history.query import local_now, parse
from inspector.home import Home
from inspector.ui.feed import TAIL_ROWS, HistoryFeed
from inspector.ui.push_model import PushModel
from inspector.ui.search_turns import Search
from inspector.ui.worker import Worker
from inspector.workbench import Workbench
from tests.history.examples import connection, push

LONG = 15_000


class Desk:
    """A feed on a history of its own."""

    def __init__(self, home: Home, qtbot: QtBot) -> None:
        home.create()
        self.qtbot = qtbot
        self.workbench = Workbench(home, use_keyring=False)
        self.worker = Worker("test-feed")
        self.model = PushModel()
        self.feed = HistoryFeed(self.workbench, self.model, self.worker)
        self.shared = connection()

    def write(self, count: int, **changes: object) -> None:
        start = len(self.ids)
        self.workbench.writer.add(
            [push(sequence=start + number, connection=self.shared, **changes) for number in range(count)]
        )

    @property
    def ids(self) -> list[int]:
        return [self.model.id_at(place) for place in range(self.model.rowCount())]

    def shows(self, expected: list[int]) -> None:
        self.qtbot.waitUntil(lambda: self.ids == expected, timeout=LONG)

    def close(self) -> None:
        self.feed.close()
        self.worker.close()
        self.workbench.close()


@pytest.fixture
def desk(home: Home, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(home, qtbot)
    yield made
    made.close()


def test_a_result_is_shown_whole_and_followed(desk: Desk) -> None:
    desk.write(3000)
    desk.feed.start()
    desk.shows(list(range(1, 3001)))
    desk.workbench.writer.add([push()])
    desk.feed.poke()
    desk.shows(list(range(1, 3002)))


def test_what_is_written_while_older_rows_come_is_there_once(desk: Desk) -> None:
    desk.write(2000)

    def write() -> None:
        for _ in range(200):
            desk.workbench.writer.add([push()])
            desk.feed.poke()

    writing = threading.Thread(target=write)
    desk.feed.start()
    writing.start()
    for text in ("", "dev-ca", "service:apns", ""):
        desk.feed.show_query(parse(text, now=local_now()) if text else None)
    desk.qtbot.waitUntil(lambda: not writing.is_alive(), timeout=LONG)
    desk.feed.poke()
    desk.shows(list(range(1, 2201)))


def test_nothing_found_is_followed_too(desk: Desk) -> None:
    desk.write(100)
    desk.feed.show_query(parse("zanzibar", now=local_now()))
    with desk.qtbot.waitSignal(desk.feed.replaced, timeout=LONG):
        pass
    assert desk.ids == []
    desk.workbench.writer.add([push(message="to zanzibar")])
    desk.feed.poke()
    desk.shows([101])


def test_what_matches_once_it_is_answered_comes_where_it_belongs(desk: Desk) -> None:
    desk.write(6, status=None)
    desk.write(6, status=500)
    writer = desk.workbench.writer
    desk.feed.show_query(parse("status:500", now=local_now()))
    desk.shows(list(range(7, 13)))
    for number, status in ((5, 500), (2, 500), (3, 200), (4, 500), (8, 500)):
        writer.settle(number, Settled(9, status))
    writer.add([push(status=500)])
    desk.feed.poke()
    desk.shows([2, 4, 5, *range(7, 14)])
    desk.feed.show_order(Order("sequence", descending=True))
    desk.qtbot.waitUntil(lambda: desk.model.ordered, timeout=LONG)
    writer.settle(1, Settled(9, 500))
    desk.feed.poke()
    desk.qtbot.waitUntil(lambda: 1 in desk.ids, timeout=LONG)


def test_an_order_is_kept_up_with_what_comes(desk: Desk) -> None:
    desk.write(10, status=200)
    desk.feed.start()
    desk.shows(list(range(1, 11)))
    desk.feed.show_order(Order("sequence", descending=True))
    desk.shows(list(range(10, 0, -1)))
    assert desk.model.ordered
    desk.workbench.writer.add([push(sequence=5)])
    desk.feed.poke()
    desk.shows([10, 9, 8, 7, 6, 11, 5, 4, 3, 2, 1])
    desk.feed.show_query(parse("seq:<3", now=local_now()))
    desk.shows([3, 2, 1])
    desk.feed.show_order(None)
    desk.shows([1, 2, 3])


def test_an_order_keeps_up_while_rows_keep_coming(desk: Desk) -> None:
    desk.write(10)
    desk.feed.show_order(Order("sequence", descending=True))
    desk.shows(list(range(10, 0, -1)))
    desk.feed._order_seconds = 0.02  # looked up anew after 200 ms, far longer than between two of these

    def come() -> bool:
        desk.workbench.writer.add([push(sequence=0)])
        desk.feed.poke()
        return desk.model.rowCount() > 10

    desk.qtbot.waitUntil(come, timeout=LONG)


def test_it_tells_whether_older_rows_are_to_come(desk: Desk) -> None:
    told: list[bool] = []
    desk.feed.searching.connect(told.append)
    desk.write(5)
    desk.feed.start()
    desk.shows([1, 2, 3, 4, 5])
    assert told[0] is True
    desk.qtbot.waitUntil(lambda: told[-1] is False, timeout=LONG)


def test_a_search_gives_pages_and_no_id_twice() -> None:
    pieces = [array("q", range(high, high - 100, -1)) for high in range(5000, 0, -100)]
    search = Search(iter([array("q"), *pieces]))
    found = list(search.first(TAIL_ROWS))
    assert found == list(range(4901, 5001))
    told = 1
    while not search.no_more:
        older = list(search.older())
        told += bool(older)
        found = older + found
    assert found == list(range(1, 5001))
    assert told < 12, "a view is not told of each piece"
