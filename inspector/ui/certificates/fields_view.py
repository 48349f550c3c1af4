"""Every field and extension of a certificate as a tree. Imports PySide6 and the certificates’ anatomy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector.certificates.anatomy import anatomy, as_text
from inspector.certificates.anatomy_field import Field
from inspector.ui import icons
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

_NAME_WIDTH = 176
_VALUE = Qt.ItemDataRole.UserRole
_OPEN = ("Subject", "Validity", "Extensions", "Fingerprints")


class _Tree(QTreeWidget):
    """Ctrl+C copies the value, Esc leaves."""

    copy_wanted = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(
                event.key() == Qt.Key.Key_Escape or event.matches(QKeySequence.StandardKey.Copy)
            )
            return True
        return super().event(event)


class FieldsView(QWidget):
    """`chosen` brings the place of another certificate of the chain, `message` what was copied; `left` says
    that the keyboard goes back to the list."""

    chosen = Signal(int)
    message = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._certificate: x509.Certificate | None = None
        self._now: datetime | None = None
        self._fields: tuple[Field, ...] = ()
        self._stale = False
        self.which = QComboBox(self)
        self.which.setObjectName("certificate_fields_which")
        self.which.setAccessibleName("Certificate of the chain")
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.copy_text = QPushButton("Copy text", self)
        self.copy_text.setObjectName("certificate_copy_text")
        self.copy_text.setToolTip("Copy all of it as text")
        self.tree = _Tree(self)
        self.tree.setObjectName("certificate_fields")
        self.tree.setAccessibleName("All fields")
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(14)
        self.tree.setUniformRowHeights(True)
        self.tree.setProperty("role", "facts")
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.tree.header().resizeSection(0, _NAME_WIDTH)
        self.tree.header().setStretchLastSection(True)
        row = QHBoxLayout()
        row.setContentsMargins(12, 12, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.which, 1)
        row.addWidget(self.copy_text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.tree, 1)
        self.which.activated.connect(self.chosen)
        self.copy_text.clicked.connect(self._copy_text)
        self.tree.copy_wanted.connect(self._copy_value)
        self.tree.left.connect(self.left)
        theme.changed.connect(self._recolor)
        self._recolor()

    def show_titles(self, titles: Iterable[str]) -> None:
        """The certificates there are to look at."""
        blocked = self.which.blockSignals(True)
        self.which.clear()
        self.which.addItems(list(titles))
        self.which.blockSignals(blocked)

    def show_certificate(self, place: int, certificate: x509.Certificate, now: datetime) -> None:
        """Look at another certificate; it is taken apart when it is looked at."""
        self.which.setCurrentIndex(place)
        if certificate != self._certificate or not self._fields:
            self._certificate, self._now, self._stale = certificate, now, True
        if self._stale and self.isVisible():
            self._show()

    def text(self) -> str:
        """All of it as text."""
        self._take_apart()
        return as_text(self._fields)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._show()

    def _take_apart(self) -> None:
        if self._certificate is not None and self._stale:
            self._fields = anatomy(self._certificate, now=self._now)

    def _show(self) -> None:
        self._take_apart()
        self._stale = False
        self.tree.clear()
        for field in self._fields:
            self._add(self.tree.invisibleRootItem(), field).setExpanded(field.name in _OPEN)
        self._recolor()

    def _add(self, parent: QTreeWidgetItem, field: Field) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent)
        value = " · ".join(part for part in (field.value, field.note) if part)
        item.setText(0, field.name)
        item.setText(1, value)
        item.setData(0, _VALUE, field.value or field.name)
        item.setToolTip(0, tip(field.name))
        item.setToolTip(1, tip(value))
        for part in field.parts:
            self._add(item, part)
        return item

    @Slot()
    def _copy_value(self) -> None:
        item = self.tree.currentItem()
        if item is not None:
            QGuiApplication.clipboard().setText(str(item.data(0, _VALUE)))
            self.message.emit(f"Copied {item.text(0)}.")

    @Slot()
    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self.message.emit(f"Copied the certificate of {self.which.currentText()} as text.")

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        icons.set_on(self.copy_text, "copy", colors.text)
        muted = QColor(colors.muted)
        stack = [self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount())]
        while stack:
            item = stack.pop()
            if item is not None:
                item.setForeground(0, muted)
                stack += [item.child(row) for row in range(item.childCount())]
