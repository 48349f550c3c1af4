"""What the table's painter draws: texts of every script on one baseline, each within its row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from inspector.contract.push import Service
from inspector.history.model import MARK_COLORS, Direction, Kind, Row
from inspector.ui.mark_menu import mark_color
from inspector.ui.push_columns import KEYS
from inspector.ui.push_painter import PADDING, SIGN_GAP, SIGN_SIZE, Cells, Line, PushPainter
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


def painted(painter: PushPainter, shown: Row) -> QImage:
    picture = QImage(WIDTH, ROW_HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    brush = QPainter(picture)
    cells = [Cells(KEYS.index("text"), 100, WIDTH - 200), Cells(KEYS.index("problems"), WIDTH - 100, 100)]
    painter.paint(brush, cells, [Line(0, shown, selected=False, hovered=False)], width=WIDTH, active=False)
    brush.end()
    return picture


def columns_with_ink(picture: QImage) -> set[int]:
    blank = picture.pixel(picture.width() - 1, 0)
    return {
        x
        for x in range(picture.width())
        if any(picture.pixel(x, y) != blank for y in range(picture.height()))
    }


@pytest.mark.parametrize("color", MARK_COLORS)
def test_a_mark_is_a_bar_at_the_left_edge(painter: PushPainter, color: str) -> None:
    picture = painted(painter, replace(row(""), mark_color=color))
    assert columns_with_ink(picture) == {0, 1, 2, 3}
    assert {picture.pixelColor(0, y).name() for y in (0, ROW_HEIGHT - 1)} == {mark_color(color, dark=False)}


@pytest.mark.parametrize("kind", [Kind.PUSH, Kind.HANDSHAKE])
def test_signs_stand_at_the_end_of_the_text_and_never_on_it(painter: PushPainter, kind: Kind) -> None:
    long = replace(row("W" * 400), kind=kind, reason="expired", subject="W" * 400)
    plain = columns_with_ink(painted(painter, long))
    alone = columns_with_ink(painted(painter, replace(row(""), pinned=True, has_note=True)))
    assert alone
    right = WIDTH - 100 - PADDING
    assert right - 2 * (SIGN_SIZE + SIGN_GAP) <= min(alone) <= max(alone) < right
    both = columns_with_ink(painted(painter, replace(long, pinned=True, has_note=True)))
    assert max(plain) >= max(alone) - SIGN_SIZE
    assert {x for x in both if x >= min(alone)} == alone
    between = range(min(alone) - SIGN_GAP + 1, min(alone))
    assert not both & set(between)
