"""A chain as a small tree: the certificate itself, under it its issuer, and so on up to the root. Imports PySide6."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from inspector.certificates.model import CertificateFacts
from inspector.ui import icons
from inspector.ui.certificates.wording import Tone, common_name, validity
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

MOST_ROWS = 6
_PLACE = Qt.ItemDataRole.UserRole


class ChainTree(QTreeWidget):
    """The certificates of one entry. `chosen` brings the place in the entry's chain (0 is the leaf), `copy_wanted`
    is Ctrl+C, `left` is Esc. Of a bundle, whose certificates did not issue each other, each stands for itself.
    `missing` are the words for an issuer that is not there."""

    chosen = Signal(int)
    copy_wanted = Signal()
    left = Signal()

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, missing: str = "not in this entry"
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._missing_words = missing
        self._chain: tuple[CertificateFacts, ...] = ()
        self._items: list[QTreeWidgetItem] = []
        self._missing: list[QTreeWidgetItem] = []
        self._now: datetime | None = None
        self._verified: tuple[bool | None, ...] = ()
        self.setObjectName("certificate_chain")
        self.setAccessibleName("Chain")
        self.setAccessibleDescription("The certificate, its issuer, and so on up to the root")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.currentItemChanged.connect(self._item_changed)
        theme.changed.connect(self._repaint)

    def show_chain(
        self,
        chain: tuple[CertificateFacts, ...],
        now: datetime,
        notes: Sequence[str] = (),
        verified: Sequence[bool | None] = (),
    ) -> None:
        """Show another chain and look at its leaf; `notes` are what else to say of each certificate, `verified` whether
        its link is right (None: that can't be told). `chosen` is not emitted for that."""
        self._chain, self._now, self._verified = chain, now, tuple(verified)
        blocked = self.blockSignals(True)
        self.clear()
        self._items, self._missing = [], []
        for place, facts in enumerate(chain):
            issues = (
                place > 0 and not chain[place - 1].self_signed and chain[place - 1].issuer == facts.subject
            )
            item = QTreeWidgetItem(self._items[-1] if issues else self.invisibleRootItem())
            item.setData(0, _PLACE, place)
            note = notes[place] if notes else ""
            item.setText(0, self._words(facts, now, note))
            item.setToolTip(0, tip(f"{facts.subject}\n{note}".strip()))
            self._items.append(item)
        there = {facts.subject for facts in chain}
        for facts, item in zip(chain, self._items, strict=True):
            if not facts.self_signed and facts.issuer not in there:
                self._add_missing(item, facts)
        self.expandAll()
        self.setCurrentItem(self._items[0])
        self.blockSignals(blocked)
        self._repaint()
        rows = len(self._items) + len(self._missing)
        self.setFixedHeight(min(rows, MOST_ROWS) * max(self.sizeHintForRow(0), 22))

    @property
    def place(self) -> int:
        """Which certificate is looked at; 0 is the leaf."""
        item = self.currentItem()
        return int(item.data(0, _PLACE) or 0) if item is not None else 0

    def choose(self, place: int) -> None:
        """Look at another certificate of the chain."""
        self.setCurrentItem(self._items[place])

    def text(self) -> str:
        """What is shown, one line a row, issuers indented."""
        shown = [(item, self._depth(item)) for item in (*self._items, *self._missing)]
        return "\n".join("  " * depth + item.text(0) for item, depth in shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def drawBranches(
        self, _painter: QPainter, _rect: QRect, _index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Nothing: what can't be folded needs no sign for it."""

    def event(self, event: QEvent) -> bool:
        # Esc goes back to the list, before the window takes it for leaving the page.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(
                event.key() == Qt.Key.Key_Escape or event.matches(QKeySequence.StandardKey.Copy)
            )
            return True
        return super().event(event)

    def _add_missing(self, item: QTreeWidgetItem, facts: CertificateFacts) -> None:
        missing = QTreeWidgetItem(item)
        missing.setText(0, f"{common_name(facts.issuer)} · {self._missing_words}")
        missing.setToolTip(0, tip(facts.issuer))
        missing.setFlags(Qt.ItemFlag.NoItemFlags)
        self._missing.append(missing)

    @staticmethod
    def _depth(item: QTreeWidgetItem) -> int:
        depth, above = 0, item.parent()
        while above is not None:
            depth, above = depth + 1, above.parent()
        return depth

    @staticmethod
    def _words(facts: CertificateFacts, now: datetime, note: str) -> str:
        parts = [common_name(facts.subject)]
        if facts.is_ca:
            parts.append("root CA" if facts.self_signed else "CA")
        lasts = validity(facts, now)
        if lasts.tone is not Tone.PLAIN:
            parts.append(lasts.words)
        if note:
            parts.append(note)
        return " · ".join(parts)

    @Slot()
    def _repaint(self) -> None:
        if self._now is None:
            return
        colors = self._theme.colors
        tones = {
            Tone.PLAIN: ("certificate", colors.text),
            Tone.WARN: ("warning-circle", colors.amber),
            Tone.BAD: ("x-circle", colors.red),
        }
        for place, (facts, item) in enumerate(zip(self._chain, self._items, strict=True)):
            verified = self._verified[place] if self._verified else None
            tone = Tone.BAD if verified is False else validity(facts, self._now).tone
            name, color = tones[tone]
            if verified and tone is Tone.PLAIN:
                name = "seal-check"
            item.setIcon(0, self._icon(name, color))
            item.setForeground(0, QColor(color))
        for item in self._missing:
            item.setIcon(0, self._icon("question", colors.muted))
            item.setForeground(0, QColor(colors.muted))

    @staticmethod
    def _icon(name: str, color: str) -> QIcon:
        """The icon in its own colour also where its row is selected or can't be."""
        result = QIcon()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected, QIcon.Mode.Disabled):
            result.addPixmap(icons.pixmap(name, color), mode)
        return result

    @Slot()
    def _item_changed(self) -> None:
        self.chosen.emit(self.place)
