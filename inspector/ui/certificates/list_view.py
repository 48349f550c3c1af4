"""The list of the vault's entries: drawing, keys, sorting, and which columns there is room for. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from inspector.ui import icons
from inspector.ui.certificates.columns import COLUMNS, KEYS, fitting, searched
from inspector.ui.certificates.contents import Listed
from inspector.ui.certificates.list_model import LISTED_ROLE, SORT_ROLE, CertificateModel
from inspector.ui.certificates.wording import Tone
from inspector.ui.row_table import set_up_rows
from inspector.ui.theme import ROW_HEIGHT, Colors, Theme

PADDING = 8
ICON = 14
_STRETCHED = KEYS.index("name")


def tone_icon(tone: Tone, colors: Colors) -> tuple[str, str] | None:
    """The icon and the colour of a tone; None for the plain one."""
    return {Tone.WARN: ("warning-circle", colors.amber), Tone.BAD: ("x-circle", colors.red)}.get(tone)


class CertificateDelegate(QStyledItemDelegate):
    """One painter for every column."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(
        self,
        option: QStyleOptionViewItem,  # noqa: ARG002 - Qt's signature
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        return QSize(COLUMNS[index.column()].width, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colors = self._theme.colors
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        listed: Listed | None = index.data(LISTED_ROLE)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(
                rect, QColor(colors.selection if self._view.hasFocus() else colors.selection_inactive)
            )
        if listed is None:
            return
        column = COLUMNS[index.column()]
        font = QFont(self._view.font())
        font.setFeature(QFont.Tag("tnum"), 1)
        if column.key == "name":
            font.setWeight(QFont.Weight.Medium)
        mark, color = self._mark(listed, column.key, colors)
        left, right = rect.left() + PADDING, rect.right() - PADDING
        if mark:
            at = right - ICON if column.key == "left" else left
            picture = icons.pixmap(mark, color, ICON, self._view.devicePixelRatioF())
            painter.drawPixmap(at, rect.center().y() - ICON // 2 + 1, picture)
        if column.key == "left":  # its texts stand below the title, whether there is a mark or not
            right -= ICON + 6
        elif mark or column.key == "key":
            left += ICON + 6
        cell = QRect(QPoint(left, rect.top()), QPoint(right, rect.bottom()))
        painter.setFont(font)
        painter.setPen(QColor(color))
        text = painter.fontMetrics().elidedText(
            column.text(listed), Qt.TextElideMode.ElideRight, cell.width()
        )
        painter.drawText(cell, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _mark(self, listed: Listed, key: str, colors: Colors) -> tuple[str, str]:
        """The icon beside a cell's text (or none) and the cell's colour."""
        if key == "left":
            return tone_icon(listed.validity.tone, colors) or ("", colors.text)
        if key == "key":
            return ("key", colors.text) if listed.entry.has_key else ("", colors.muted)
        if key == "trusted" and listed.entry.trust_clients:
            return "shield-check", colors.text
        return "", colors.muted if key in ("subject", "issuer") else colors.text


class _Found(QSortFilterProxyModel):
    """The entries that have all the words searched for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()

    def search(self, text: str) -> None:
        """Leave those that have these words."""
        self._words = tuple(text.casefold().split())
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        if not self._words:
            return True
        found: Listed | None = self.sourceModel().index(row, 0, parent).data(LISTED_ROLE)
        text = searched(found) if found is not None else ""
        return all(word in text for word in self._words)


class CertificateList(QTableView):
    """The list. `chosen` brings the Listed looked at (or None), `opened` says that its details are wanted,
    `copy_wanted` and `delete_wanted` are the keys for it, `menu_wanted` the place of a right click."""

    chosen = Signal(object)
    opened = Signal()
    copy_wanted = Signal()
    delete_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, model: CertificateModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("certificate_list")
        self.setAccessibleName("Certificates")
        self.setAccessibleDescription("The identities and CA certificates of the vault")
        self._source = model
        self._theme = theme
        self._searched = ""
        self._proxy = _Found(self)
        self._proxy.setSourceModel(model)
        self._proxy.setSortRole(SORT_ROLE)
        self.setModel(self._proxy)
        self.setItemDelegate(CertificateDelegate(theme, self))
        self._set_up()
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self.doubleClicked.connect(self._open)
        self.customContextMenuRequested.connect(self.menu_wanted)
        theme.changed.connect(self.viewport().update)

    def _set_up(self) -> None:
        set_up_rows(self, QAbstractItemView.SelectionMode.SingleSelection)
        self.setSortingEnabled(True)
        self.sortByColumn(_STRETCHED, Qt.SortOrder.AscendingOrder)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(48)
        for place, column in enumerate(COLUMNS):
            self.setColumnWidth(place, column.width)
        header.setSectionResizeMode(_STRETCHED, QHeaderView.ResizeMode.Stretch)

    def search(self, text: str) -> None:
        """Show the entries that have all these words; nothing typed shows all."""
        looked_at = self.current
        self._searched = text.strip()
        self._proxy.search(text)
        if looked_at is None or not self.choose(looked_at.entry.name):
            self.choose_near(0)
        self._selection_changed()  # Qt does not tell of a selected row that is filtered out
        self.viewport().update()

    @property
    def current(self) -> Listed | None:
        """The entry that is looked at."""
        chosen = self.selectionModel().selectedRows()
        found: Listed | None = chosen[0].data(LISTED_ROLE) if chosen else None
        return found

    def choose(self, name: str) -> bool:
        """Look at the entry of that name; False where there is none."""
        row = self._source.row_of(name)
        if row is None:
            return False
        index = self._proxy.mapFromSource(self._source.index(row, 0))
        if not index.isValid():
            return False  # it does not have what is searched for
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def choose_near(self, position: int) -> None:
        """Look at the row at `position`, or the last one there is."""
        if self._proxy.rowCount():
            self.setCurrentIndex(self._proxy.index(min(max(position, 0), self._proxy.rowCount() - 1), 0))

    @property
    def position(self) -> int:
        """The row looked at, as shown; -1 where there is none."""
        chosen = self.selectionModel().selectedRows()
        return chosen[0].row() if chosen else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._searched and not self._proxy.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(self._theme.colors.muted))
            text = painter.fontMetrics().elidedText(
                f"Nothing has “{self._searched}”.", Qt.TextElideMode.ElideRight, self.viewport().width() - 24
            )
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, text)
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        shown = fitting(self.viewport().width())
        for place, key in enumerate(KEYS):
            self.setColumnHidden(place, key not in shown)

    def _open(self) -> None:
        if self.current is not None:
            self.opened.emit()

    def _selection_changed(self) -> None:
        self.chosen.emit(self.current)
