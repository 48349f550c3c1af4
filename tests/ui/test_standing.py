"""A sorted table while pushes come: the view, the selection and the row looked at stay."""

from __future__ import annotations

from array import array
from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel
from pytestqt.qtbot import QtBot

from inspector.history.model import Row
from inspector.ui.push_model import column_of
from tests.history.examples import push
from tests.ui.conftest import LONG, MakeWindow
from tests.ui.test_push_model import make_row

FLAG = QItemSelectionModel.SelectionFlag


def test_a_sorted_table_stays_where_it_is_while_pushes_come(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    table, model, writer = window.pushes.table, window.model, window.workbench.writer
    view = table.view
    events = [replace(push(), sequence=number * 2) for number in range(300)]
    writer.add(events)
    window.feed.poke()
    qtbot.waitUntil(lambda: model.rowCount() == 300, timeout=LONG)
    with qtbot.waitSignal(window.feed.replaced, timeout=LONG):
        view.horizontalHeader().sectionClicked.emit(column_of("sequence"))
    for place in (4, 9):
        view.selectionModel().select(model.index(place, 0), FLAG.Select | FLAG.Rows)
    view.selectionModel().setCurrentIndex(model.index(9, 0), FLAG.NoUpdate)
    chosen = [row.id for row in table.selected_rows]
    view.verticalScrollBar().setValue(100)
    qtbot.waitUntil(lambda: model.row(100) is not None, timeout=LONG)
    top = model.id_at(100)
    looked_at: list[Row | None] = []
    table.selected.connect(looked_at.append)

    for sequence in (1, 101, 599):  # above, between, and after what is looked at
        with qtbot.waitSignal(window.feed.replaced, timeout=LONG):
            writer.add([replace(push(), sequence=sequence)])
            window.feed.poke()

    place = view.verticalScrollBar().value()
    assert place == 102
    assert model.id_at(place) == top
    assert model.row(place) is not None  # what was read need not be read again
    assert [row.id for row in table.selected_rows] == chosen
    assert view.currentIndex().row() == 10
    assert looked_at == []


def test_a_sorted_table_at_its_top_shows_what_comes_there(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    view, model, writer = window.pushes.table.view, window.model, window.workbench.writer
    writer.add([replace(push(), sequence=number) for number in range(100, 200)])
    window.feed.poke()
    qtbot.waitUntil(lambda: model.rowCount() == 100, timeout=LONG)
    with qtbot.waitSignal(window.feed.replaced, timeout=LONG):
        view.horizontalHeader().sectionClicked.emit(column_of("sequence"))
    with qtbot.waitSignal(window.feed.replaced, timeout=LONG):
        writer.add([replace(push(), sequence=1)])
        window.feed.poke()
    assert view.verticalScrollBar().value() == 0
    assert model.id_at(0) == 101


def test_an_old_row_is_looked_at_again_when_the_filter_is_gone(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    table, model = window.pushes.table, window.model
    model.reset(array("q", range(1, 500)), [make_row(3)])
    assert table.select_id(3)
    model.reset(array("q", range(100, 500)))  # another filter's result, then none: its newest come first
    model.reset(array("q", range(400, 500)))
    assert not table.view.selectionModel().hasSelection()
    model.prepend(array("q", range(200, 400)))
    assert table.view.verticalScrollBar().value() == table.view.verticalScrollBar().maximum()
    model.prepend(array("q", range(1, 200)))
    assert table.view.currentIndex().row() == 2
    assert table.view.selectionModel().hasSelection()
