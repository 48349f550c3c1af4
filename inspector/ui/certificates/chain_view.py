"""The chain of an entry, each link verified, and what was looked at of the one chosen.

Imports PySide6 and the pieces of this room.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cryptography import x509
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from inspector.certificates.links import Link, LinkCheck, links
from inspector.ui.certificates.chain_tree import ChainTree
from inspector.ui.certificates.contents import Listed
from inspector.ui.certificates.facts_view import FactsView
from inspector.ui.certificates.note import Note
from inspector.ui.theme import Theme

_SEVERITY: dict[bool | None, str] = {True: "verified", False: "error", None: "info"}
_OUTSIDE = "It is no part of the chain: it came along in the same file."


class ChainView(QScrollArea):
    """`chosen` brings the place of the certificate that is looked at."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, message: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._listed: Listed | None = None
        self._now: datetime | None = None
        self._links: dict[x509.Certificate, Link] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        body = QWidget()
        self.tree = ChainTree(theme, body)
        self.facts = FactsView(theme, message, body)
        heading = QLabel("What was verified", body)
        heading.setProperty("role", "heading")
        self._checks = QVBoxLayout()
        self._checks.setSpacing(6)
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.tree)
        column.addSpacing(4)
        column.addWidget(heading)
        column.addLayout(self._checks)
        column.addSpacing(4)
        column.addWidget(self.facts)
        column.addStretch()
        self.setWidget(body)
        self.tree.chosen.connect(self._chosen)

    def show_entry(
        self, listed: Listed, known: tuple[x509.Certificate, ...], now: datetime, place: int
    ) -> None:
        """Show another chain, and look at one of its certificates. `known` CAs may complete it."""
        self._listed, self._now = listed, now
        found = [*links(listed.entry.chain, known_cas=known, now=now)]
        for extra in listed.entry.extra:
            found += links((extra,), known_cas=(*listed.certificates, *known), now=now)[:1]
        self._links = {link.certificate: link for link in found}
        marks = [self._mark(certificate) for certificate in listed.certificates]
        self.tree.show_chain(listed.facts, now, [words for words, _ in marks], [right for _, right in marks])
        self.tree.choose(place)
        self._show(place)

    @property
    def place(self) -> int:
        """Which certificate is looked at; 0 is the leaf."""
        return self.tree.place

    def checks(self) -> tuple[str, ...]:
        """What is said of the one looked at."""
        items = [self._checks.itemAt(row) for row in range(self._checks.count())]
        notes = [item.widget() for item in items if item is not None]
        return tuple(note.message.text() for note in notes if isinstance(note, Note))

    def _mark(self, certificate: x509.Certificate) -> tuple[str, bool | None]:
        """What stands beside a certificate in the tree, and whether its link is right."""
        link = self._links.get(certificate)
        if link is None:
            return "", None
        signature = link.check("signature")
        if signature is not None and signature.ok is False:
            return "signature wrong", False
        if not link.ok:
            # How long it lasts is told beside every certificate.
            only_validity = all(check.ok is not False or check.key == "validity" for check in link.checks)
            return "" if only_validity else "may not issue the one below", False
        return "", signature.ok if signature is not None else None

    @Slot(int)
    def _chosen(self, place: int) -> None:
        self._show(place)
        self.chosen.emit(place)

    def _show(self, place: int) -> None:
        if self._listed is None or self._now is None:
            return
        self.facts.show_facts(self._listed.facts[place], self._now)
        while (item := self._checks.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        link = self._links.get(self._listed.certificates[place])
        for check in link.checks if link is not None else (LinkCheck("", None, _OUTSIDE),):
            note = Note(self._theme, self)
            self._checks.addWidget(note)
            note.say(check.message, "", _SEVERITY[check.ok])
