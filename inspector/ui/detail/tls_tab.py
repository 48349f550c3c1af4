"""The TLS tab: why a client was turned away and what to do, the certificates it presented, what was offered, asked for
and settled. Imports PySide6, the theme, the certificates page's dialogs and the parts of this package.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from inspector.history.model import Direction
from inspector.ui.certificates import dialogs
from inspector.ui.detail.advice_box import AdviceBox
from inspector.ui.detail.chain_view import ChainView
from inspector.ui.detail.deeds import Deeds
from inspector.ui.detail.fact_grid import FactGrid
from inspector.ui.detail.offers import Deed, Help, Offer
from inspector.ui.detail.prepared import Detail
from inspector.ui.detail.tls_facts import reason_of, turned_away
from inspector.ui.push_columns import reason_words
from inspector.ui.theme import Theme

SIDE_BY_SIDE_FROM = 680
_MARGIN = 12
_GAP = 24
_OFFERED = ("What the client offered", "What we offered", "What we asked for")


class TlsTab(QScrollArea):
    """`said` tells what went to the clipboard, `look_again` that what is shown may be outdated, `import_wanted` asks
    for the certificates page's import, `left` is Esc."""

    said = Signal(str)
    look_again = Signal()
    import_wanted = Signal()
    left = Signal()

    def __init__(self, theme: Theme, deeds: Deeds | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: Detail | None = None
        self._deeds = deeds
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("TLS and certificates")
        self.advice = AdviceBox(theme, self)
        self.chain = ChainView(theme, self)
        self.settled = FactGrid(theme, self)
        self.offered = FactGrid(theme, self)
        self._lay_out()
        self.advice.wanted.connect(self._take)
        self.advice.command.copied.connect(self.said)
        self.chain.copied.connect(self.said)
        self.chain.left.connect(self.left)
        self.chain.save_wanted.connect(self._save)
        for grid in (self.settled, self.offered):
            grid.copied.connect(self.said)
        if deeds is not None:
            self.chain.serve()
            self.chain.offer_wanted.connect(self.advice.take)
            self.chain.keep_wanted.connect(deeds.keep)
            deeds.busy.connect(self.advice.set_busy)
            deeds.done.connect(self._done)
            deeds.failed.connect(self.advice.say_error)

    def _lay_out(self) -> None:
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        whole.setSpacing(16)
        whole.addWidget(self.advice)
        whole.addWidget(self.chain)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for parts in ((self.chain, self.settled), (self.chain.facts, self.offered)):
            column = QVBoxLayout()
            column.setSpacing(16)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
            self._columns.addLayout(column, 1)
        whole.addLayout(self._columns)
        whole.addStretch(1)
        self.setWidget(body)

    def show_detail(self, detail: Detail) -> None:
        """Show another event, or the same one as it is now."""
        before, self._detail = self._detail, detail
        if before is None or before.event.id != detail.event.id:
            self.advice.forget()
            self.verticalScrollBar().setValue(0)
        written = detail.event.written
        incoming = written.direction is Direction.IN
        reason = reason_of(written)
        help_ = detail.help if self._deeds is not None else Help()
        refused = turned_away(written)
        lead = ""
        if incoming and reason and not refused:
            lead = f"Taken only because checks are lenient: strict checks would say “{reason_words(reason)}”."
        about_tls = refused or bool(lead)
        self.advice.show_advice(written.advice if about_tls else None, help_, lead=lead)
        self.chain.show_chain(detail)
        for stop, following in pairwise((self, *self.advice.stops, *self.chain.stops)):
            QWidget.setTabOrder(stop, following)  # what was made last would be reached last
        self.settled.show_sections([one for one in detail.tls if one.title not in _OFFERED])
        self.offered.show_sections([one for one in detail.tls if one.title in _OFFERED])

    @Slot(object)
    def _take(self, offer: Offer) -> None:
        deeds, detail = self._deeds, self._detail
        if deeds is None or detail is None:
            return
        if offer.deed is Deed.COMMAND:
            self._show_commands(deeds, detail)
        elif offer.deed is Deed.COPY_ADDRESS:
            QGuiApplication.clipboard().setText(offer.name)
            self.advice.say(f"Copied {offer.name}.")
        elif offer.deed is Deed.IMPORT_CA:
            self.import_wanted.emit()
        elif offer.deed is Deed.LENIENT:
            deeds.listen_leniently()
        elif offer.deed is Deed.EXPORT_CA:
            path = self._destination("Export our CA", "our-ca.pem")
            if path is not None:
                deeds.export_ca(path)
        elif offer.deed is Deed.MAKE_SERVER:
            deeds.make_server(offer.name)
        elif offer.certificate is not None:
            (deeds.trust if offer.deed is Deed.TRUST else deeds.pin)(offer.certificate)

    def _show_commands(self, deeds: Deeds, detail: Detail) -> None:
        if self.advice.command.isVisible():
            self.advice.command.show_commands("")
            return
        deeds.find_commands(detail.event.written, self._commands_found)

    def _commands_found(self, commands: str) -> None:
        self.advice.command.show_commands(commands)
        self.advice.command.copy.setFocus()
        self.ensureWidgetVisible(self.advice.command, 0, _MARGIN)

    @Slot(str, str, str)
    def _save(self, text: str, title: str, name: str) -> None:
        path = self._destination(title, name)
        if path is None:
            return
        if self._deeds is not None:
            self._deeds.save(text, path)

    def _destination(self, title: str, name: str) -> Path | None:
        return dialogs.choose_destination(self, title, name)

    @Slot(str)
    def _done(self, said: str) -> None:
        self.advice.say(said)
        self.look_again.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.viewport().width() - 2 * _MARGIN >= SIDE_BY_SIDE_FROM
        self._columns.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
        self._columns.setSpacing(_GAP if wide else 16)
        self._columns.setStretch(0, 1 if wide else 0)
        self._columns.setStretch(1, 1)
