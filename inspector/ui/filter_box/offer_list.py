"""The list of offers below the filter box. It never has the focus: keys come from the box. Imports the theme, the
language's offers and PySide6."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from inspector.history.completion import Offer, Source
from inspector.ui import icons
from inspector.ui.filter_box.over import hang_below
from inspector.ui.qt_text import tip
from inspector.ui.theme import ROW_HEIGHT, Theme

MOST_ROWS = 10
_LEAST_WIDTH, _MOST_WIDTH = 240, 460
_ICON, _PAD, _GAP = 16, 8, 24
_PICTURES = {Source.SAVED: "bookmark-simple", Source.RECENT: "clock-counter-clockwise"}
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class OfferModel(QAbstractListModel):
    """The offers, in their order."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.offers: tuple[Offer, ...] = ()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show others."""
        self.beginResetModel()
        self.offers = tuple(offers)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.offers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        offer = self.offers[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.shown
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(offer.text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{offer.shown} {offer.hint}".strip()
        return None


class _Painter(QStyledItemDelegate):
    """What is put in on the left, what it means on the right in grey."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(
            painter, option, index
        )  # the background; the model's text is painted by initStyleOption's
        offer: Offer = index.model().offers[index.row()]  # type: ignore[attr-defined]
        colors, metrics = self._theme.colors, QFontMetrics(option.font)
        room: QRect = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        if picture := _PICTURES.get(offer.source):
            top = room.top() + (room.height() - _ICON) // 2
            painter.drawPixmap(room.left(), top, icons.pixmap(picture, colors.muted, _ICON))
            room.setLeft(room.left() + _ICON + 6)
        wanted, hint_width = (metrics.horizontalAdvance(text) + 2 for text in (offer.shown, offer.hint))
        if wanted + _GAP + hint_width > room.width():
            hint_width = max(room.width() - wanted - _GAP, min(hint_width, room.width() * 2 // 5))
        words_width = min(wanted, room.width() - (hint_width + _GAP if offer.hint else 0))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colors.text))
        elide = Qt.TextElideMode.ElideMiddle if offer.source is Source.KNOWN else Qt.TextElideMode.ElideRight
        words = metrics.elidedText(offer.shown, elide, words_width)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, words)
        painter.setPen(QColor(colors.muted))
        hint = metrics.elidedText(offer.hint, Qt.TextElideMode.ElideRight, max(0, hint_width))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, hint)

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        option.text = ""


class OfferList(QListView):
    """`picked` brings the Offer that was clicked, `left` tells of a click elsewhere."""

    picked = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("filter_offers")
        self.setAccessibleName("Offers for the filter")
        self.setProperty("role", "offers")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._offers = OfferModel(self)
        self.setModel(self._offers)
        self.setItemDelegate(_Painter(theme, self))
        self.clicked.connect(self._clicked)
        self.hide()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is offered."""
        return self._offers.offers

    @property
    def current(self) -> Offer | None:
        """The offer that was moved to."""
        index = self.currentIndex()
        return self.offers[index.row()] if index.isValid() else None

    def show_offers(self, offers: Sequence[Offer], edit: QWidget, x: int) -> None:
        """Show offers below the box from `x` on; none is current."""
        chosen = self.current if self.isVisible() else None
        self._offers.show_offers(offers)
        if chosen in self.offers:
            self.setCurrentIndex(self._offers.index(self.offers.index(chosen), 0))
        metrics = self.fontMetrics()
        widths = [
            metrics.horizontalAdvance(offer.shown) + metrics.horizontalAdvance(offer.hint) + _GAP
            for offer in self.offers
        ]
        width = max(_LEAST_WIDTH, min(_MOST_WIDTH, max(widths, default=0) + 2 * _PAD + 32))
        rows = min(MOST_ROWS, len(self.offers))
        hang_below(self, edit, x - _PAD - 5, width, rows * ROW_HEIGHT + 10)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click elsewhere, also where nothing takes the focus, means that no offer is wanted."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            inside = watched is self or self.isAncestorOf(watched) or watched.objectName() == "filter_edit"
            if not inside:
                self.left.emit()
        return False

    def step(self, rows: int) -> None:
        """Make another offer current, `rows` further; beyond the ends it goes round."""
        count = len(self.offers)
        now = self.currentIndex().row() if self.currentIndex().isValid() else (-1 if rows > 0 else 0)
        place = (now + rows) % count if abs(rows) == 1 else max(0, min(count - 1, now + rows))
        self.setCurrentIndex(self._offers.index(place, 0))
        self.scrollTo(self.currentIndex())

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self.picked.emit(self.offers[index.row()])
