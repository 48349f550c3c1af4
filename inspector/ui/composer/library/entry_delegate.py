"""Draws an entry of the library: a chip for the service, the title, its tags. Imports the sender's library, PySide6 and
the theme."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from inspector.sender.kept.library import Entry
from inspector.ui.composer.library.entry_model import ENTRY_ROLE, HINT_ROLE
from inspector.ui.theme import Theme

ROW = 28
_HEADING = 30
_PAD, _CHIP, _GAP = 12, 58, 10
_Index = QModelIndex | QPersistentModelIndex


class EntryDelegate(QStyledItemDelegate):
    """Headings are quiet; a row has its tags at the right, where there is room for them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        heading = index.data(ENTRY_ROLE) is None and not index.data(HINT_ROLE)
        return QSize(240, _HEADING if heading else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        colors = self._theme.colors
        entry: Entry | None = index.data(ENTRY_ROLE)
        room: QRect = option.rect
        font: QFont = option.font
        state: QStyle.StateFlag = option.state
        painter.save()
        if entry is None:
            words = QFont(font)
            hint = index.data(HINT_ROLE)
            words.setWeight(QFont.Weight.Normal if hint else QFont.Weight.DemiBold)
            painter.setFont(words)
            painter.setPen(QColor(colors.muted))
            line = room.adjusted(_PAD, 0 if hint else 6, -_PAD, 0)
            shown = painter.fontMetrics().elidedText(
                str(index.data()), Qt.TextElideMode.ElideRight, line.width()
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
            painter.restore()
            return
        if state & QStyle.StateFlag.State_Selected:
            active = state & QStyle.StateFlag.State_Active
            painter.fillRect(room, QColor(colors.selection if active else colors.selection_inactive))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(room, QColor(colors.hover))
        self._chip(painter, room, font, entry.service.label)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        left, right = room.left() + _PAD + _CHIP + _GAP, room.right() - _PAD
        marks = ("unconfirmed" * entry.unconfirmed, "problem" * bool(entry.problem))
        tags = " · ".join(word for word in (*entry.tags, *marks) if word)
        title_width = metrics.horizontalAdvance(entry.title)
        tag_room = right - left - title_width - 2 * _GAP
        if tags and tag_room > 40:
            painter.setPen(QColor(colors.muted))
            shown = metrics.elidedText(tags, Qt.TextElideMode.ElideRight, tag_room)
            painter.drawText(
                QRect(right - tag_room, room.top(), tag_room, room.height()),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                shown,
            )
        painter.setPen(QColor(colors.amber if entry.problem else colors.text))
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(
            QRect(left, room.top(), right - left, room.height()), Qt.AlignmentFlag.AlignVCenter, title
        )
        painter.restore()

    def _chip(self, painter: QPainter, room: QRect, font: QFont, words: str) -> None:
        small = QFont(font)
        small.setPixelSize(11)
        small.setWeight(QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = min(_CHIP, painter.fontMetrics().horizontalAdvance(words) + 14)
        box = QRect(room.left() + _PAD, room.center().y() - 8, width, 17)
        painter.setPen(QColor(self._theme.colors.chip))
        painter.drawRoundedRect(box, 3, 3)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
