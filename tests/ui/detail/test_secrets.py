"""Nothing in the window shows a device token, a credential or a custom header's value, until one switch is turned."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inspector.history.model import Timings
from inspector.home import Home
from inspector.sender.model import SendResult
from inspector.ui.compare.window import CompareWindow
from inspector.ui.detail.hex_view import HexView
from inspector.ui.main_window import MainWindow
from inspector.workbench import Workbench
from tests.ui.conftest import LONG, MakeWindow
from tests.ui.detail.rows import (
    ANSWERED,
    BODY,
    CUSTOM,
    SECRETS,
    TOKEN,
    TOKEN_TEXT,
    forwarded,
    push,
    sent,
)

ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.UserRole + 1,
)


def texts_of(widget: QWidget) -> Iterator[str]:
    """Whatever a person could read on a widget, or hear of it."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.statusTip())
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        yield widget.text()
    elif isinstance(widget, QPlainTextEdit):
        yield widget.toPlainText()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
    elif isinstance(widget, HexView):
        yield widget.data.decode(errors="replace")
    elif isinstance(widget, QTabWidget):
        yield from (widget.tabText(place) for place in range(widget.count()))
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from cells_of(widget.model(), QModelIndex())


def cells_of(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
    for row in range(model.rowCount(parent)):
        for column in range(columns):
            index = model.index(row, column, parent)
            yield from (str(index.data(role) or "") for role in ROLES)
        yield from cells_of(model, model.index(row, 0, parent))


def shown(window: MainWindow) -> str:
    """Every text of the window but the composer's editor, where one writes the body that is to be sent."""
    written = window.composer.editor
    widgets = [widget for widget in window.findChildren(QWidget) if widget is not written]
    actions = [action.text() for action in window.findChildren(QAction)]
    return "\n".join([*(text for widget in widgets for text in texts_of(widget)), *actions])


def look_at(window: MainWindow, qtbot: QtBot, identifier: int) -> None:
    detail = window.pushes.detail
    assert window.pushes.table.select_id(identifier)
    qtbot.waitUntil(
        lambda: detail.event_shown is not None and detail.event_shown.id == identifier, timeout=LONG
    )
    for place in range(detail.tabs.count()):
        detail.tabs.setCurrentIndex(place)


@pytest.fixture
def window(make_window: MakeWindow, qtbot: QtBot, home: Home) -> MainWindow:
    home.create()
    workbench = Workbench(home, use_keyring=False)
    workbench.writer.add(
        [push(), forwarded(), sent(), push(b'{"device-token": "' + TOKEN.encode() + b'", oops')]
    )
    workbench.close()
    made = make_window()
    qtbot.waitUntil(lambda: made.model.rowCount() == 4, timeout=LONG)
    return made


def test_no_text_of_the_window_holds_a_secret(window: MainWindow, qtbot: QtBot) -> None:
    window.composer.result.show_result(answer())
    for identifier in (1, 2, 3, 4):
        look_at(window, qtbot, identifier)
        text = shown(window)
        assert "My Test" in text
        for secret in SECRETS:
            assert secret not in text


def answer() -> SendResult:
    return SendResult(
        at=0,
        url="https://localhost/",
        request_headers=(),
        status=200,
        http_version="HTTP/1.1",
        answer_headers=(("Set-Cookie", ANSWERED), ("X-Brand", CUSTOM)),
        answer_body=BODY,
        timings=Timings(total=1.0),
        connection=None,
    )


def test_one_switch_shows_all_of_them(window: MainWindow, qtbot: QtBot) -> None:
    window.composer.result.show_result(answer())
    detail = window.pushes.detail
    assert not detail.reveal.isChecked()
    look_at(window, qtbot, 2)
    qtbot.mouseClick(detail.reveal, Qt.MouseButton.LeftButton)
    text = shown(window)
    for secret in SECRETS:
        assert secret in text
    assert ANSWERED in window.composer.result.findChildren(QPlainTextEdit)[0].toPlainText()
    qtbot.mouseClick(detail.reveal, Qt.MouseButton.LeftButton)
    assert not [secret for secret in SECRETS if secret in shown(window)]


@pytest.mark.parametrize("place", [1, 3])
def test_a_comparison_follows_the_switch(window: MainWindow, qtbot: QtBot, place: int) -> None:
    look_at(window, qtbot, place)
    window.comparing.with_the_one_before(window.model.row(place))
    qtbot.waitUntil(lambda: window.findChild(CompareWindow) is not None, timeout=LONG)
    made = window.findChild(CompareWindow)
    assert isinstance(made, CompareWindow)
    qtbot.waitUntil(lambda: made.comparison is not None, timeout=LONG)
    assert not [secret for secret in SECRETS if secret in shown(window)]
    masked = made.comparison
    window.pushes.detail.reveal.setChecked(True)
    qtbot.waitUntil(lambda: made.comparison is not masked, timeout=LONG)
    told = "\n".join(text for view in made.findChildren(QWidget) for text in texts_of(view))
    assert TOKEN in told
    assert CUSTOM in told
    window.pushes.detail.reveal.setChecked(False)
    qtbot.waitUntil(lambda: TOKEN not in shown(window), timeout=LONG)
    assert not [secret for secret in SECRETS if secret in shown(window)]


def test_the_switch_is_off_at_each_start(window: MainWindow, make_window: MakeWindow) -> None:
    window.pushes.detail.reveal.setChecked(True)
    window.close()
    assert not make_window().pushes.detail.reveal.isChecked()


def test_what_is_masked_is_copied_masked(window: MainWindow, qtbot: QtBot, qapp: QApplication) -> None:
    look_at(window, qtbot, 1)
    tree = window.pushes.detail.findChild(QTreeView, "payload_view")
    assert isinstance(tree, QTreeView)
    copied = []
    for path in ("device-token", "aps.note", "deviceToken", "aps"):
        assert tree.go_to(path)  # type: ignore[attr-defined]
        menu = tree.menu_for(tree.currentIndex())  # type: ignore[attr-defined]
        for action in menu.actions()[:3]:
            qapp.clipboard().clear()
            action.trigger()
            qtbot.waitUntil(lambda: bool(qapp.clipboard().text()), timeout=LONG)
            copied.append(qapp.clipboard().text())
        menu.deleteLater()
    assert "4254…3034" in copied
    assert not [text for text in copied if TOKEN in text]
    view = window.pushes.detail.findChild(HexView)
    assert isinstance(view, HexView)
    view.select_all()
    view.copy_text()
    assert TOKEN not in qapp.clipboard().text()
    view.copy_hex()
    assert TOKEN.encode().hex(" ") not in qapp.clipboard().text().replace("\n", " ")


def test_a_filter_by_a_masked_value_does_not_tell_it(window: MainWindow, qtbot: QtBot) -> None:
    look_at(window, qtbot, 1)
    tree = window.pushes.detail.findChild(QTreeView, "payload_view")
    for path in ("device-token", "deviceToken", "aps.note", "aps"):
        tree.go_to(path)  # type: ignore[union-attr]
        menu = tree.menu_for(tree.currentIndex())  # type: ignore[union-attr]
        with qtbot.waitSignal(window.pushes.detail.filter_wanted, timeout=LONG) as wanted:
            menu.actions()[-1].trigger()
        menu.deleteLater()
        assert TOKEN not in wanted.args[0]
        assert TOKEN not in window.toolbar.filter.text()


def test_the_token_s_text_is_told_with_the_token_only(window: MainWindow, qtbot: QtBot) -> None:
    look_at(window, qtbot, 1)
    assert TOKEN_TEXT not in shown(window)
    window.pushes.detail.reveal.setChecked(True)
    tree = window.pushes.detail.findChild(QTreeView, "payload_view")
    tree.go_to("device-token")  # type: ignore[union-attr]
    assert TOKEN_TEXT in str(tree.currentIndex().data(Qt.ItemDataRole.ToolTipRole))  # type: ignore[union-attr]
