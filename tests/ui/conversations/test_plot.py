"""The plots as widgets: something is painted, and it can be pointed at, clicked and walked along."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.ui.conversations.bar_plot import BarPlot
from inspector.ui.conversations.bars import Bars, retry_gaps
from inspector.ui.conversations.timeline_plot import TimelinePlot
from inspector.ui.theme import Scheme, Theme
from tests.ui.conversations.records import push, retried


@pytest.fixture(params=[Scheme.LIGHT, Scheme.DARK])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Theme:
    return Theme(qapp, request.param)


@pytest.fixture
def plot(qtbot: QtBot, theme: Theme) -> TimelinePlot:
    widget = TimelinePlot(theme)
    qtbot.addWidget(widget)
    widget.resize(900, 160)
    widget.show_pushes(retried(), frozenset({4}))
    widget.show()
    return widget


def colors_of(widget: QWidget) -> Counter[str]:
    widget.clearFocus()  # its frame has a colour of its own
    image = widget.grab().toImage()
    return Counter(image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height()))


def place_of(plot: TimelinePlot, number: int) -> QPoint:
    mark = plot.marks[number]
    return QPoint(round(mark.x), round(mark.y))


def test_the_plot_shows_dots_what_was_refused_and_what_is_odd(plot: TimelinePlot, theme: Theme) -> None:
    seen = colors_of(plot)
    colors = theme.colors
    assert seen[colors.surface] > 100_000
    for color, least in ((colors.chip, 50), (colors.red, 30), (colors.muted, 20), (colors.amber, 5)):
        assert seen[color] >= least, color
    plot.show_pushes((), frozenset())
    assert set(colors_of(plot)) <= {colors.surface, colors.strong_border}


def test_a_click_chooses_and_a_second_one_opens(plot: TimelinePlot, qtbot: QtBot) -> None:
    with qtbot.waitSignal(plot.chosen) as chosen:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place_of(plot, 2))
    assert chosen.args == [2]
    assert plot.current == 2
    with qtbot.waitSignal(plot.opened):
        qtbot.mouseDClick(plot, Qt.MouseButton.LeftButton, pos=place_of(plot, 2))
    with qtbot.assertNotEmitted(plot.chosen):
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))


def test_the_arrow_keys_go_along_the_time(plot: TimelinePlot, qtbot: QtBot) -> None:
    late = [*retried(), push(6, 15)]
    plot.show_pushes(late, frozenset())
    went: list[int] = []
    plot.chosen.connect(went.append)
    for key in (Qt.Key.Key_Right,) * 7 + (Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(plot, key)
    assert went == [0, 1, 5, 2, 3, 4, 4, 3, 0, 4]
    with qtbot.waitSignal(plot.opened):
        qtbot.keyClick(plot, Qt.Key.Key_Return)


def test_the_push_looked_at_has_a_ring(plot: TimelinePlot, theme: Theme) -> None:
    assert not colors_of(plot)[theme.colors.accent]
    plot.show_current(3)
    assert colors_of(plot)[theme.colors.accent] > 10


def test_a_pointer_on_a_mark_is_told_what_it_is(plot: TimelinePlot) -> None:
    assert "attempt 2, 10.0 s after" in plot.tip_at(place_of(plot, 1))
    assert "attempt 2, 10.0 s after" in plot.tip_at(place_of(plot, 1) + QPoint(4, -6)), "near is enough"
    assert not plot.tip_at(QPoint(3, 3))


def test_thousands_of_pushes_are_painted_at_once(plot: TimelinePlot) -> None:
    pushes = [push(place, place * 0.7, badge=place % 7) for place in range(1, 5001)]
    plot.show_pushes(pushes, frozenset(range(1, 5001, 3)))
    plot.grab()
    took = []
    for _ in range(5):
        began = time.process_time()
        plot.grab()
        took.append(time.process_time() - began)
    assert min(took) < 0.03  # 2 ms on a quiet machine


def test_the_bars_show_what_is_counted(qtbot: QtBot, theme: Theme) -> None:
    widget = BarPlot(theme, "Retry gaps", "No retries")
    qtbot.addWidget(widget)
    widget.resize(300, widget.height())
    widget.show_bars(retry_gaps(retried()))
    seen = colors_of(widget)
    assert seen[theme.colors.chip] > 100
    assert seen[theme.colors.selection] > 20, "the pusher's interval is marked"
    middle = widget.bar_rect(10).center().toPoint()
    assert widget.tip_at(middle) == "2 retries about 10 s after the attempt before"
    assert not widget.tip_at(widget.bar_rect(3).center().toPoint())
    assert "2 in all" in widget.accessibleDescription()
    widget.show_bars(Bars("Retry gaps"))
    assert widget.accessibleDescription() == "No retries"
    assert not widget.tip_at(middle)
