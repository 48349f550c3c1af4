"""The findings of a conversation as a short list that leads to the pushes they are about. Imports PySide6."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector.contract.push import Severity
from inspector.history.conversation_findings import ConversationFinding
from inspector.ui import icons
from inspector.ui.chip_picture import CHIP_HEIGHT, chip_font, chip_picture
from inspector.ui.conversations.wording import finding_tip, findings_words
from inspector.ui.qt_text import tip
from inspector.ui.theme import ROW_HEIGHT, Theme

FINDING_ROLE = Qt.ItemDataRole.UserRole
ICON = 14
PADDING = 12

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class FindingsModel(QAbstractListModel):
    """Findings in their order."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._findings: tuple[ConversationFinding, ...] = ()

    @property
    def findings(self) -> tuple[ConversationFinding, ...]:
        return self._findings

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._findings)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        finding = self._findings[index.row()]
        if role == FINDING_ROLE:
            return finding
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(finding_tip(finding))
        if role == Qt.ItemDataRole.DisplayRole:
            return finding.sentence
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{finding.service.label}: {finding.sentence}" if finding.service else finding.sentence
        return None

    def show_findings(self, findings: Sequence[ConversationFinding]) -> None:
        """Show these instead."""
        if tuple(findings) != self._findings:
            self.beginResetModel()
            self._findings = tuple(findings)
            self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._font = QFont(view.font())
        self._font.setFeature(QFont.Tag("tnum"), 1)
        self._chip = chip_font(view.font())

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 - Qt's signature
        return QSize(100, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        colors = self._theme.colors
        rect, state = option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            fill = colors.selection if self._view.hasFocus() else colors.selection_inactive
            painter.fillRect(rect, QColor(fill))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colors.hover))
        finding: ConversationFinding = index.data(FINDING_ROLE)
        bad = finding.severity is Severity.ERROR
        name, color = ("x-circle", colors.red) if bad else ("warning-circle", colors.amber)
        ratio = painter.device().devicePixelRatioF()
        picture = icons.pixmap(name, color, ICON, ratio)
        painter.drawPixmap(rect.left() + PADDING, rect.center().y() - ICON // 2 + 1, picture)
        cell = rect.adjusted(PADDING + ICON + 6, 0, -PADDING, 0)
        if finding.service is not None:
            chip = chip_picture(finding.service.label, colors.chip, ratio, self._chip)
            width = chip.width() / ratio
            place = QRectF(cell.left(), rect.center().y() - CHIP_HEIGHT // 2, width, CHIP_HEIGHT)
            painter.drawPixmap(place, chip, QRectF(chip.rect()))
            cell.setLeft(cell.left() + round(width) + 6)
        metrics = QFontMetrics(self._font)
        shown = metrics.elidedText(finding.sentence, Qt.TextElideMode.ElideRight, cell.width())
        painter.setFont(self._font)
        painter.setPen(QColor(colors.text))
        painter.drawText(cell, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class _List(QListView):
    activated_by_key = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated_by_key.emit()
        else:
            super().keyPressEvent(event)


class FindingsView(QFrame):
    """`chosen` carries the id of the push to look at."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._most = 4
        self.model = FindingsModel(self)
        self._picture = QLabel(self)
        self.title = QLabel(self)
        self.title.setProperty("role", "heading")
        self.title.setObjectName("conversation_findings_title")
        line = QHBoxLayout()
        line.setContentsMargins(PADDING, 4, PADDING, 0)
        line.setSpacing(6)
        line.addWidget(self._picture)
        line.addWidget(self.title, 1)
        self.list = _List(self)
        self.list.setObjectName("conversation_findings")
        self.list.setAccessibleName("Findings")
        self.list.setAccessibleDescription("What is odd about this conversation; Enter goes to the push")
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Delegate(theme, self.list))
        self.list.setModel(self.model)
        self.list.clicked.connect(self._go)
        self.list.activated_by_key.connect(self._go)
        self.list.selectionModel().currentChanged.connect(self._go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self.list)
        theme.changed.connect(self._recolor)
        self.show_findings(())

    def show_findings(self, findings: Sequence[ConversationFinding]) -> None:
        """Show these instead; the list takes only the room that it needs."""
        self.model.show_findings(findings)
        self.title.setText(findings_words(len(findings)))
        self.list.setVisible(bool(findings))
        self._take_room()
        self._recolor()

    def show_rows(self, most: int) -> None:
        """Take room for so many findings at most."""
        self._most = most
        self._take_room()

    def _take_room(self) -> None:
        self.list.setFixedHeight(ROW_HEIGHT * min(self._most, max(1, len(self.model.findings))))

    @Slot()
    def _go(self) -> None:
        finding: ConversationFinding | None = self.list.currentIndex().data(FINDING_ROLE)
        if finding is not None:
            self.chosen.emit(finding.ids[-1])

    @Slot()
    def _recolor(self) -> None:
        colors, findings = self._theme.colors, self.model.findings
        bad = any(finding.severity is Severity.ERROR for finding in findings)
        name, color = ("warning-circle", colors.red if bad else colors.amber)
        if not findings:
            name, color = "check-circle", colors.green
        self._picture.setPixmap(icons.pixmap(name, color, ICON))
