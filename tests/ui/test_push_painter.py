"""What the table's painter draws: texts of every script on one baseline, each within its row."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from inspector.contract.push import Service
from inspector.history.model import Direction, Kind, Row
from inspector.ui.push_columns import KEYS
from inspector.ui.push_painter import PADDING, Cells, Line, PushPainter
from inspector.ui.theme import ROW_HEIGHT, Scheme, Theme

WIDTH = 900
STACKED = "Zoë " + "a" + "\u0301\u0323" * 40


def row(message: str) -> Row:
    return Row(
        id=1, kind=Kind.PUSH, direction=Direction.IN, at=0, service=Service.APNS, status=200, method="POST",
        path="/", url="", size=1, brand_id=None, conversation_id=None, dialog_id=None, sequence=None, badge=None,
        message=message, attempt=1, gap=None, problem_count=0, worst_problem=None, reason=None, peer="::1",
        subject=None, trusted=True, count=1, last_at=0,
    )  # fmt: skip


@pytest.fixture
def painter(qapp: QApplication) -> PushPainter:
    return PushPainter(Theme(qapp, Scheme.LIGHT), qapp.font())


def inked(painter: PushPainter, *messages: str, width: int = WIDTH) -> list[list[int]]:
    """The lines of pixels that have ink up to a width, for each row, counted from its top."""
    picture = QImage(WIDTH, ROW_HEIGHT * len(messages), QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    brush = QPainter(picture)
    lines = [
        Line(place * ROW_HEIGHT, row(message), selected=False, hovered=False)
        for place, message in enumerate(messages)
    ]
    painter.paint(brush, [Cells(KEYS.index("text"), 0, WIDTH)], lines, width=WIDTH, active=False)
    brush.end()
    white = QColor("white").rgb()
    found = [y for y in range(picture.height()) if any(picture.pixel(x, y) != white for x in range(width))]
    return [
        [y - top for y in found if top <= y < top + ROW_HEIGHT]
        for top in range(0, picture.height(), ROW_HEIGHT)
    ]


def test_marks_above_one_another_stay_in_their_row(painter: PushPainter) -> None:
    above, stacked, below = inked(painter, "", STACKED, "")
    assert stacked
    assert not above
    assert not below


def test_what_is_drawn_after_such_a_row_is_drawn_whole(painter: PushPainter) -> None:
    (alone,) = inked(painter, "Hg")
    assert inked(painter, STACKED, "Hg")[1] == alone


@pytest.mark.parametrize("other", ["é", "ש", "ع", "漢", "हि", "ที่", "😀"])
def test_other_scripts_stand_on_the_same_baseline(painter: PushPainter, other: str) -> None:
    (alone,), (beside,) = (inked(painter, text, width=PADDING + 6) for text in ("H", f"H {other}"))
    assert beside == alone


@pytest.mark.parametrize(
    ("current", "active", "framed"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_the_row_the_keyboard_is_at_has_a_frame(
    painter: PushPainter, *, current: bool, active: bool, framed: bool
) -> None:
    picture = QImage(WIDTH, ROW_HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    brush = QPainter(picture)
    line = Line(0, row(""), selected=False, hovered=False, current=current)
    painter.paint(brush, [Cells(KEYS.index("text"), 0, WIDTH)], [line], width=WIDTH, active=active)
    brush.end()
    corners = [picture.pixel(x, y) for x in (0, WIDTH - 1) for y in (0, ROW_HEIGHT - 1)]
    assert all((corner != QColor("white").rgb()) is framed for corner in corners)
