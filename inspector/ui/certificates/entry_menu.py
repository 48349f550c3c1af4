"""What a right click on an entry offers. Imports PySide6 and the pieces of this room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from inspector.ui.certificates.contents import Listed
from inspector.ui.qt_text import menu_text

if TYPE_CHECKING:
    from inspector.ui.certificates.page import CertificatesPage


def entry_menu(
    page: CertificatesPage, listed: Listed | None, removed: Sequence[str], put_back: Callable[[], None]
) -> QMenu:
    """The menu for `listed`; `removed` is what can be put back."""
    menu = QMenu(page)
    if listed is None:
        return menu
    details = page.details
    menu.addAction("Copy as PEM\tCtrl+C").triggered.connect(details.copy_as_pem)
    menu.addAction("Copy the SHA-256 fingerprint").triggered.connect(details.facts.copy_fingerprint)
    if listed.ca_to_share is not None:
        menu.addAction(details.save_ca.text()).triggered.connect(page.deeds.save_ca)
    if details.overview.exports(listed):
        menu.addAction("Export for LivePerson…").triggered.connect(page.deeds.hand_over_current)
    menu.addSeparator()
    if listed.anchors:
        trust = menu.addAction("Trust for clients")
        trust.setCheckable(True)
        trust.setChecked(listed.entry.trust_clients)
        trust.triggered.connect(details.trust_wanted)
    if listed.entry.has_key:
        menu.addAction("Renew…").triggered.connect(page.deeds.renew_current)
    menu.addAction("Replace…").triggered.connect(page.deeds.replace_current)
    menu.addAction("Delete…\tDel").triggered.connect(page.deeds.delete_current)
    if removed:
        menu.addSeparator()
        menu.addAction(f"Put {menu_text(removed[-1])} back\tCtrl+Z").triggered.connect(put_back)
    return menu
