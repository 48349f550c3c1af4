"""The list of conversations as it is painted: two lines each. Imports PySide6 and the model."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from inspector.history.conversation_model import ConversationKey, ConversationSummary
from inspector.ui import icons
from inspector.ui.chip_picture import CHIP_HEIGHT, chip_font, chip_picture
from inspector.ui.conversations.list_model import (
    JUDGEMENT_ROLE,
    SUMMARY_ROLE,
    ConversationModel,
    Judgement,
    time_text,
)
from inspector.ui.conversations.wording import brand_name, conversation_name
from inspector.ui.row_table import look_at
from inspector.ui.theme import Colors, Theme, fixed_font

ROW = 48
PADDING = 12
ICON = 13
_Index = QModelIndex | QPersistentModelIndex


class ConversationDelegate(QStyledItemDelegate):
    """Brand, conversation and time above; services, how many, the last text and the findings below."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._font = QFont(view.font())
        self._font.setFeature(QFont.Tag("tnum"), 1)
        self._strong = QFont(self._font)
        self._strong.setWeight(QFont.Weight.Medium)
        self._fixed = fixed_font()
        self._chip = chip_font(view.font())

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 - Qt's signature
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        colors = self._theme.colors
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            fill = colors.selection if self._view.hasFocus() else colors.selection_inactive
            painter.fillRect(rect, QColor(fill))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colors.hover))
        summary: ConversationSummary = index.data(SUMMARY_ROLE)
        inner = rect.adjusted(PADDING, 6, -PADDING, -6)
        above = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        below = QRect(inner.left(), above.bottom() + 1, inner.width(), inner.height() - above.height())
        self._above(painter, above, summary, colors)
        self._below(painter, below, summary, index.data(JUDGEMENT_ROLE), colors)

    def _above(self, painter: QPainter, rect: QRect, summary: ConversationSummary, colors: Colors) -> None:
        right = _draw(painter, rect, time_text(summary), self._font, colors.muted, at_right=True)
        rect = rect.adjusted(0, 0, -right - 12, 0)
        name = summary.conversation_id
        if name is None:
            _draw(painter, rect, conversation_name(None), self._strong, colors.text)
            return
        used = _draw(painter, rect, brand_name(summary), self._strong, colors.text, most=rect.width() // 2)
        rect = rect.adjusted(used + 8, 0, 0, 0)
        _draw(painter, rect, conversation_name(name), self._fixed, colors.muted, middle=True)

    def _below(
        self,
        painter: QPainter,
        rect: QRect,
        summary: ConversationSummary,
        judgement: Judgement | None,
        colors: Colors,
    ) -> None:
        ratio = painter.device().devicePixelRatioF()
        if judgement is not None and judgement.findings:
            color = colors.red if judgement.bad else colors.amber
            used = _draw(painter, rect, f"{judgement.findings:,}", self._font, color, at_right=True)
            picture = icons.pixmap("warning-circle", color, ICON, ratio)
            left = rect.right() - used - ICON - 4
            painter.drawPixmap(left, rect.center().y() - ICON // 2, picture)
            rect.setRight(left - 8)
        if summary.refused:
            used = _draw(painter, rect, f"{summary.refused:,} refused", self._font, colors.red, at_right=True)
            rect.setRight(rect.right() - used - 8)
        for service in summary.services:
            picture = chip_picture(service.label, colors.chip, ratio, self._chip)
            width = picture.width() / ratio
            painter.drawPixmap(
                QRectF(rect.left(), rect.center().y() - CHIP_HEIGHT // 2, width, CHIP_HEIGHT),
                picture,
                QRectF(picture.rect()),
            )
            rect.setLeft(rect.left() + round(width) + 4)
        rect.setLeft(rect.left() + 4)
        count = f"{summary.pushes:,}{'+' if summary.more else ''}"
        used = _draw(painter, rect, count, self._font, colors.text)
        rect.setLeft(rect.left() + used + 8)
        _draw(painter, rect, " ".join((summary.message or "").split()), self._font, colors.muted)


def _draw(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    color: str,
    *,
    at_right: bool = False,
    middle: bool = False,
    most: int = 0,
) -> int:
    """Draw a text that is cut to its place; returns how wide it became."""
    room = min(rect.width(), most) if most else rect.width()
    if room <= 8:
        return 0
    metrics = QFontMetrics(font)
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    shown = metrics.elidedText(text, mode, room)
    painter.setFont(font)
    painter.setPen(QColor(color))
    side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
    return metrics.horizontalAdvance(shown)


class ConversationList(QListView):
    """The list. `chosen` brings the summary looked at (or None), `opened` says that its timeline is wanted,
    `copy_wanted` that its id is."""

    chosen = Signal(object)
    opened = Signal()
    copy_wanted = Signal()

    def __init__(self, model: ConversationModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation_list")
        self.setAccessibleName("Conversations")
        self.setAccessibleDescription("Pushes by brand and conversation, newest activity first")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setItemDelegate(ConversationDelegate(theme, self))
        self._conversations = model
        self.setModel(model)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        theme.changed.connect(self.viewport().update)

    @property
    def current(self) -> ConversationSummary | None:
        """The conversation that is looked at."""
        chosen = self.selectionModel().selectedIndexes()
        return self._conversations.summary(chosen[0].row()) if chosen else None

    def choose(self, key: ConversationKey) -> bool:
        """Look at a conversation; False where it is not in the list."""
        row = self._conversations.row_of(key)
        if row is None:
            return False
        look_at(self, self._conversations.index(row))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _selection_changed(self) -> None:
        self.chosen.emit(self.current)
