"""The payload's tree: types, what is copied from it, what it offers to filter by; and where time went as bars."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.history.model import Event, Timings
from inspector.ui.composer.phase_bar import PhaseBar
from inspector.ui.detail.facts_view import FactsView
from inspector.ui.detail.json_tree import TYPE, JsonTreeModel
from inspector.ui.detail.payload_view import PayloadView
from inspector.ui.detail.prepared import prepare
from inspector.ui.detail.sections import Fact, Section
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from tests.ui.conftest import LONG
from tests.ui.detail.rows import TOKEN, forwarded, push, sent

DOCUMENT = {
    "text": 'a "b"\nc',
    "list": [1, 2.5, None, True, {"deep": []}],
    "one": {"key": 1},
    "sequence": 8,
    "device-token": TOKEN,
    "odd.key": "x",
}


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[PayloadView]:
    worker = Worker("test-worker")
    made = PayloadView(Theme(qapp), worker)
    qtbot.addWidget(made)
    made.resize(800, 400)
    written = push(json.dumps(DOCUMENT).encode(), sequence=8)
    detail = prepare(Event(1, 1, None, 1, 0, written))
    made.show_document(
        detail.masked.document, {"one.key": "It is odd."}, original=DOCUMENT, written=written, revealed=False
    )
    made.show()
    yield made
    worker.close()


def at(view: PayloadView, path: str, column: int) -> str:
    assert view.go_to(path)
    return str(view.currentIndex().siblingAtColumn(column).data())


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("text", "string"),
        ("list", "array, 5 items"),
        ("list[0]", "number"),
        ("list[1]", "number"),
        ("list[2]", "null"),
        ("list[3]", "boolean"),
        ("list[4].deep", "array, 0 items"),
        ("one", "object, 1 key"),
        ("device-token", "string"),
    ],
)
def test_every_value_has_its_type(view: PayloadView, path: str, words: str) -> None:
    assert at(view, path, TYPE) == words


def test_what_is_masked_keeps_the_type_it_has(qapp: QApplication) -> None:
    model = JsonTreeModel(Theme(qapp))
    model.show({"device-token": "…"}, {}, {"device-token": {"a": 1}})
    index = model.index_of("device-token")
    assert index.siblingAtColumn(TYPE).data() == "object, 1 key"
    assert not model.hasChildren(index)


def test_the_columns_have_names_and_types_go_where_there_is_no_room(view: PayloadView, qtbot: QtBot) -> None:
    model = view.model()
    names = [model.headerData(place, Qt.Orientation.Horizontal) for place in range(3)]
    assert names == ["Key", "Value", "Type"]
    assert view.header().isVisible()
    assert not view.isColumnHidden(TYPE)
    view.resize(300, 300)
    qtbot.waitUntil(lambda: view.isColumnHidden(TYPE), timeout=LONG)


@pytest.mark.parametrize(
    ("path", "entry", "copied"),
    [
        ("text", "Copy value", 'a "b"\nc'),
        ("text", "Copy as JSON", r'"a \"b\"\nc"'),
        ("list[4].deep", "Copy path", "list[4].deep"),
        ('["odd.key"]', "Copy path", '["odd.key"]'),
        ("one", "Copy value", '{\n  "key": 1\n}'),
        ("list[2]", "Copy value", "null"),
        ("device-token", "Copy value", "4254…3034"),
    ],
)
def test_values_paths_and_parts_are_copied(
    view: PayloadView, qtbot: QtBot, qapp: QApplication, path: str, entry: str, copied: str
) -> None:
    assert view.go_to(path)
    menu = view.menu_for(view.currentIndex())
    with qtbot.waitSignal(view.said, timeout=LONG):
        next(action for action in menu.actions() if action.text().startswith(entry)).trigger()
    assert qapp.clipboard().text() == copied
    menu.deleteLater()


@pytest.mark.parametrize(
    ("path", "entry", "query"),
    [
        ("sequence", "Filter by seq:8", "seq:8"),
        ("one.key", "Filter by this value", r'body:"\"key\": 1"'),
        ("list[1]", "Filter by this value", 'body:"2.5"'),
    ],
)
def test_any_value_can_be_filtered_by(
    view: PayloadView, qtbot: QtBot, path: str, entry: str, query: str
) -> None:
    assert view.go_to(path)
    menu = view.menu_for(view.currentIndex())
    action = menu.actions()[-1]
    assert action.text() == entry
    with qtbot.waitSignal(view.filter_wanted, timeout=LONG) as wanted:
        action.trigger()
    assert wanted.args == [query]
    menu.deleteLater()


def test_ctrl_c_copies_the_value(view: PayloadView, qtbot: QtBot, qapp: QApplication) -> None:
    assert view.go_to("sequence")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text() == "8"


@pytest.mark.parametrize("written", [sent(), forwarded()], ids=["sent", "forwarded"])
def test_where_time_went_is_drawn(qtbot: QtBot, qapp: QApplication, written: object) -> None:
    view = FactsView(Theme(qapp), "Answer")
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show_sections(prepare(Event(1, 1, None, 1, 0, written)).masked.answer)  # type: ignore[arg-type]
    view.show()
    (bars,) = view.findChildren(PhaseBar)
    assert bars.isVisible()
    assert bars.window() is view
    assert bars.text() == "connect 1.2 ms, TLS 13.4 ms, send 0.30 ms, wait 22.5 ms, read 0.40 ms"
    items = [item for place in range(view.topLevelItemCount()) if (item := view.topLevelItem(place))]
    view.setCurrentItem(next(item for item in items if view.itemWidget(item, 0) is not None))
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text() == bars.text()


def test_of_no_phases_there_are_no_bars(qtbot: QtBot, qapp: QApplication) -> None:
    view = FactsView(Theme(qapp), "Answer")
    qtbot.addWidget(view)
    view.show_sections([Section("Timings", (Fact("In all", "1 ms"),), timings=Timings(total=1.0))])
    assert not [bars for bars in view.findChildren(PhaseBar) if not bars.isHidden()]
    assert view.topLevelItemCount() == 2
