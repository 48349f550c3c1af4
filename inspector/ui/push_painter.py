"""Paints the rows of the push table, all that are visible in one go. Imports PySide6, the theme and the columns.

A delegate would be called once for every cell, and every such call has to wait for Python's lock while the listener
works: hundreds of waits for one picture. So the view paints itself in a single call, with pens, chips and laid-out
texts that are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QStaticText, QTextLayout

from inspector.history.model import Direction, Kind, Row
from inspector.ui import icons
from inspector.ui.chip_picture import CHIP_HEIGHT, chip_font, chip_picture
from inspector.ui.mark_menu import mark_color
from inspector.ui.push_columns import COLUMNS, KEYS, Column, service_text, status_text
from inspector.ui.theme import ROW_HEIGHT, Colors, Theme, fixed_font

PADDING = 8
ICON_SIZE = 14
WARNING_SIZE = 13
MARK_WIDTH = 4
SIGN_SIZE = 13
SIGN_GAP = 4
LONGEST_TEXT = 400
MOST_TEXTS = 4096
TEXT = KEYS.index("text")


@dataclass(frozen=True, slots=True)
class Cells:
    """A visible column: its place among all, left edge and width in pixels."""

    place: int
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class Line:
    """A visible row: its top edge, what it shows (None: not read yet), and how it is marked. `current`: the keyboard is
    at it, though it is not selected."""

    top: int
    row: Row | None
    selected: bool
    hovered: bool
    current: bool = False


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A text that is cut to its cell: its width, where it begins below the row's top, and whether its marks reach out
    of the row."""

    text: QStaticText
    width: float
    top: float
    tall: bool = False


class PushPainter:
    """One painter for the whole table."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self._theme = theme
        self._fixed = fixed_font()
        self._plain = QFont(font)
        self._plain.setFeature(QFont.Tag("tnum"), 1)
        self._chip = chip_font(font)
        self._metrics = {True: QFontMetricsF(self._fixed), False: QFontMetricsF(self._plain)}
        self._digit = {fixed: metrics.horizontalAdvance("0") for fixed, metrics in self._metrics.items()}
        self._baseline = {fixed: _baseline(metrics) for fixed, metrics in self._metrics.items()}
        self._top = {fixed: (ROW_HEIGHT - metrics.height()) / 2 for fixed, metrics in self._metrics.items()}
        self._texts: dict[tuple[str, int, bool], LaidOut] = {}
        self._chips: dict[tuple[str, str, float], QPixmap] = {}
        self._pens: dict[str, QPen] = {}

    def first_width(self, place: int) -> int:
        """The width in pixels that holds a column's title and its usual text."""
        column = COLUMNS[place]
        sample = self._metrics[column.fixed].horizontalAdvance(column.sample)
        title = self._metrics[False].horizontalAdvance(column.title)
        return max(round(max(sample, title)) + 2 * PADDING + 4, 28)

    def paint(
        self, painter: QPainter, columns: Sequence[Cells], lines: Iterable[Line], *, width: int, active: bool
    ) -> None:
        """Paint the rows over the background that is there, `width` pixels wide. `columns` are all that are not hidden,
        in the order of the screen, those that are scrolled out of sight too. `active`: the keyboard is in the table."""
        colors = self._theme.colors
        ratio = painter.device().devicePixelRatioF()
        reach = _reach(columns)
        shown = [cells for cells in columns if cells.left < width and cells.left + cells.width > 0]
        for line in lines:
            self._background(painter, line, width, colors, active=active)
            if line.current and active:
                painter.setPen(self._pen(colors.accent))
                painter.drawRect(0, line.top, width - 1, ROW_HEIGHT - 1)
            row = line.row
            if row is None:
                painter.setPen(self._pen(colors.muted))
                painter.drawText(QPointF(PADDING, line.top + self._baseline[False]), "…")
                continue
            noted = row.mark_color or row.pinned or row.has_note
            room = self._marks(painter, shown, line.top, row, ratio) if noted else 0
            columns = _without(shown, room) if room else shown
            refused = row.kind is Kind.HANDSHAKE
            if refused and reach is not None:
                self._text(painter, COLUMNS[TEXT], _narrowed(reach, room), line.top, row)
            for cells in columns:
                column = COLUMNS[cells.place]
                key = column.key
                if key == "direction":
                    name, color = _arrow(row, colors)
                    picture = icons.pixmap(name, color, ICON_SIZE, ratio)
                    left = cells.left + (cells.width - ICON_SIZE) // 2
                    painter.drawPixmap(left, line.top + (ROW_HEIGHT - ICON_SIZE) // 2, picture)
                elif key == "service":
                    self._service(painter, cells, line.top, row, ratio)
                elif key == "problems":
                    if row.problem_count:
                        self._problems(painter, cells, line.top, row, ratio)
                elif not (refused and (column.of_push or cells.place == TEXT)):
                    self._text(painter, column, cells, line.top, row)

    def _background(self, painter: QPainter, line: Line, width: int, colors: Colors, *, active: bool) -> None:
        if line.selected:
            color = colors.selection if active else colors.selection_inactive
        elif line.hovered:
            color = colors.hover
        elif line.row is not None and line.row.kind is Kind.HANDSHAKE:
            color = colors.red_wash
        else:
            return
        painter.fillRect(QRect(0, line.top, width, ROW_HEIGHT), QColor(color))

    def _marks(self, painter: QPainter, columns: Sequence[Cells], top: int, row: Row, ratio: float) -> int:
        """What is noted on a row: a bar in its colour at the left edge, signs at the end of its text. Returns how much
        room the signs take there."""
        if row.mark_color:
            color = mark_color(row.mark_color, dark=self._theme.dark)
            painter.fillRect(QRect(0, top, MARK_WIDTH, ROW_HEIGHT), QColor(color))
        text = next((cells for cells in columns if cells.place == TEXT), None)
        if text is None:
            return 0
        colors = self._theme.colors
        right = text.left + text.width - PADDING
        room = 0
        for there, name, color in (
            (row.pinned, "push-pin-fill", colors.accent),
            (row.has_note, "note", colors.muted),
        ):
            if there:
                room += SIGN_SIZE + SIGN_GAP
                picture = icons.pixmap(name, color, SIGN_SIZE, ratio)
                painter.drawPixmap(right - room + SIGN_GAP, top + (ROW_HEIGHT - SIGN_SIZE) // 2, picture)
        return room

    def _text(self, painter: QPainter, column: Column, cells: Cells, top: int, row: Row) -> None:
        text = column.text(row)
        if not text:
            return
        fixed, room = column.fixed, cells.width - 2 * PADDING
        painter.setFont(self._fixed if fixed else self._plain)
        painter.setPen(self._pen(_text_color(row, column.key, self._theme.colors)))
        if column.unique:  # no two rows show the same, so there is nothing to keep
            digit = self._digit[fixed]
            if len(text) * digit > room:
                text = text[: max(0, int(room / digit) - 1)] + "…"
            left = cells.left + PADDING + (room - len(text) * digit if column.right else 0)
            painter.drawText(QPointF(left, top + self._baseline[fixed]), text)
            return
        laid_out = self._laid_out(text, room, fixed=fixed)
        left = cells.left + PADDING + (room - laid_out.width if column.right else 0)
        place = QPointF(left, top + laid_out.top)
        if laid_out.tall:
            painter.save()
            painter.setClipRect(cells.left, top, cells.width, ROW_HEIGHT, Qt.ClipOperation.IntersectClip)
            painter.drawStaticText(place, laid_out.text)
            painter.restore()
        else:
            painter.drawStaticText(place, laid_out.text)

    def _service(self, painter: QPainter, cells: Cells, top: int, row: Row, ratio: float) -> None:
        colors = self._theme.colors
        picture = self._chip_picture(
            service_text(row), colors.red if row.kind is Kind.HANDSHAKE else colors.chip, ratio
        )
        left, shown = cells.left + PADDING, cells.width - PADDING
        wanted = QSize(min(picture.width(), round(shown * ratio)), picture.height())
        place = QRectF(left, top + (ROW_HEIGHT - CHIP_HEIGHT) // 2, wanted.width() / ratio, CHIP_HEIGHT)
        painter.drawPixmap(place, picture, QRectF(0, 0, wanted.width(), wanted.height()))

    def _problems(self, painter: QPainter, cells: Cells, top: int, row: Row, ratio: float) -> None:
        colors = self._theme.colors
        color = {"error": colors.red, "warning": colors.amber}.get(row.worst_problem or "", colors.muted)
        text = str(row.problem_count)
        right = cells.left + cells.width - PADDING
        left = right - len(text) * self._digit[False]
        painter.setFont(self._plain)
        painter.setPen(self._pen(color))
        painter.drawText(QPointF(left, top + self._baseline[False]), text)
        name = "info" if row.worst_problem == "info" else "warning-circle"
        picture = icons.pixmap(name, color, WARNING_SIZE, ratio)
        painter.drawPixmap(round(left) - WARNING_SIZE - 4, top + (ROW_HEIGHT - WARNING_SIZE) // 2, picture)

    # what is kept

    def _laid_out(self, text: str, room: int, *, fixed: bool) -> LaidOut:
        """A text cut to a width (identifiers in the middle, others at the end) and laid out."""
        key = (text, room, fixed)
        found = self._texts.get(key)
        if found is None:
            metrics, font = self._metrics[fixed], self._fixed if fixed else self._plain
            mode = Qt.TextElideMode.ElideMiddle if fixed else Qt.TextElideMode.ElideRight
            whole = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
            shown = metrics.elidedText(whole, mode, room)
            made = QStaticText(shown)
            made.setTextFormat(Qt.TextFormat.PlainText)
            made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            made.prepare(font=font)
            width = made.size().width()
            if shown.isascii():
                found = LaidOut(made, width, self._top[fixed])
            else:
                found = self._in_other_fonts(made, width, fixed=fixed)
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            self._texts[key] = found
        return found

    def _in_other_fonts(self, made: QStaticText, width: float, *, fixed: bool) -> LaidOut:
        """A text whose characters may come from fonts that are taller than ours, or bear marks above one another: it
        stands on the row's baseline all the same."""
        shown = made.text()
        layout = QTextLayout(shown, self._fixed if fixed else self._plain)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(width + 1)
        layout.endLayout()
        top = self._baseline[fixed] - line.ascent()
        inked = [run.boundingRect() for run in layout.glyphRuns()]
        tall = any(top + ink.top() < 0 or top + ink.bottom() > ROW_HEIGHT for ink in inked)
        return LaidOut(made, width, top, tall)

    def _chip_picture(self, text: str, color: str, ratio: float) -> QPixmap:
        """A short label in a rounded frame."""
        key = (text, color, ratio)
        found = self._chips.get(key)
        if found is None:
            found = self._chips[key] = chip_picture(text, color, ratio, self._chip)
        return found

    def _pen(self, color: str) -> QPen:
        found = self._pens.get(color)
        if found is None:
            found = self._pens[color] = QPen(QColor(color))
        return found


def _baseline(metrics: QFontMetricsF) -> float:
    return (ROW_HEIGHT - metrics.height()) / 2 + metrics.ascent()


def _reach(columns: Sequence[Cells]) -> Cells | None:
    """Where a refused handshake's reason is painted: across the text's cell and the ones left of it, which have
    nothing to show. `columns` are in the order of the screen."""
    places = [cells.place for cells in columns]
    if TEXT not in places:
        return None
    first = last = places.index(TEXT)
    while first and COLUMNS[places[first - 1]].of_push:
        first -= 1
    left, text = columns[first].left, columns[last]
    return Cells(TEXT, left, text.left + text.width - left)


def _narrowed(cells: Cells, room: int) -> Cells:
    """A column with some room left at its right."""
    return Cells(cells.place, cells.left, cells.width - room) if room else cells


def _without(columns: Sequence[Cells], room: int) -> list[Cells]:
    """The columns, with some room left at the right of the text."""
    return [_narrowed(cells, room) if cells.place == TEXT else cells for cells in columns]


def _arrow(row: Row, colors: Colors) -> tuple[str, str]:
    if row.kind is Kind.HANDSHAKE:
        return "x", colors.red
    if row.direction is Direction.OUT:
        return "arrow-up-right", colors.accent
    return "arrow-down-left", colors.muted


def _text_color(row: Row, key: str, colors: Colors) -> str:
    if key == "status":
        text = status_text(row)
        if text in ("refused", "failed"):
            return colors.red
        if text == "none":  # there may be one yet
            return colors.muted
        return colors.green if text.startswith("2") else colors.amber if text < "5" else colors.red
    if key in ("time", "conversation"):
        return colors.muted
    if key == "text" and (row.kind is Kind.HANDSHAKE or (row.status is None and row.reason)):
        return colors.red
    return colors.text
