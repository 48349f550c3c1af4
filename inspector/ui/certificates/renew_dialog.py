"""“Renew…”: a certificate issued again, with its key or a new one. Imports PySide6 and the pieces of this room."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from inspector.certificates.chain import issued_by
from inspector.certificates.describe import is_self_signed
from inspector.certificates.renewing import renew
from inspector.certificates.vault import Vault
from inspector.ui.certificates.contents import Contents, Listed
from inspector.ui.certificates.form_dialog import FormDialog, plain_label
from inspector.ui.certificates.wording import common_name, day
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.usage import listed as listed_uses

_KEEP = "Keep the key"
_KEEP_MEANS = "Whoever has pinned the key need not be told."
_NEW = "Make a new key"
_NEW_MEANS = "Better where the old one may have been seen by others; it is of the same kind."
_CA_KEEPS = "A CA keeps its key: with another one, nothing that it issued could be verified any more."


def issuer_here(listed: Listed, contents: Contents) -> str:
    """Who of the vault can issue it again: a CA's name, its own where it is self-signed, else empty."""
    if is_self_signed(listed.entry.leaf):
        return listed.entry.name
    found = [one for one in contents.issuers if issued_by(listed.entry.leaf, one.entry.leaf)]
    return max(found, key=lambda one: one.leaf.not_after).entry.name if found else ""


class RenewDialog(FormDialog):
    """`renewed` brings the VaultEntry or, where others must issue it, the PendingRequest."""

    renewed = Signal(object)

    def __init__(
        self,
        vault: Vault,
        worker: Worker,
        theme: Theme,
        listed: Listed,
        contents: Contents,
        parent: QWidget | None = None,
    ) -> None:
        issuer = issuer_here(listed, contents)
        super().__init__(theme, f"Renew {listed.entry.name}", "Renew" if issuer else "Make request", parent)
        self.setObjectName("certificate_renew_dialog")
        self._vault = vault
        self._worker = worker
        self._name = listed.entry.name
        self.explanation = plain_label("plain", self, _explained(listed, issuer))
        self.add(self.explanation)
        self.keep = QRadioButton(_KEEP, self)
        self.keep.setObjectName("certificate_renew_keep")
        self.new_key = QRadioButton(_NEW, self)
        self.new_key.setObjectName("certificate_renew_new_key")
        self.keep.setChecked(True)
        choice = QWidget(self)
        column = QVBoxLayout(choice)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for button, means in ((self.keep, _KEEP_MEANS), (self.new_key, _NEW_MEANS)):
            column.addWidget(button)
            meaning = plain_label("muted", choice, means)
            meaning.setContentsMargins(20, 0, 0, 4)
            button.setAccessibleDescription(means)
            column.addWidget(meaning)
        choice.setVisible(not listed.leaf.is_ca)
        choice.setFocusProxy(self.keep)
        self.add(choice)
        self._choice = choice
        if listed.leaf.is_ca:
            self.add(plain_label("muted", self, _CA_KEEPS))
            self.accept_button.setFocus()
        else:
            self.keep.setFocus()

    @Slot()
    def go(self) -> None:
        """Renew it."""
        vault, name, new_key = self._vault, self._name, self.new_key.isChecked()
        self.work("Renewing…", self._choice)
        self._worker.submit(
            "", lambda: renew(vault, name, new_key=new_key), self._have_renewed, self.complain
        )

    def _have_renewed(self, renewed: object) -> None:
        self.end_work()
        self.renewed.emit(renewed)
        self.accept()


def _explained(listed: Listed, issuer: str) -> str:
    leaf, leaf_of, name = listed.leaf, listed.entry.leaf, listed.entry.name
    ends = "ended" if listed.validity.short == "expired" else "ends"
    first = f"{name} {ends} on {day(leaf.not_after)} ({listed.validity.words})."
    if not issuer:
        return (
            f"{first} {common_name(leaf.issuer)}, which issued it, is not in the vault with its key. So a request is"
            f" made: have it signed there, then complete it here. Until then the old certificate stays."
        )
    who = "It issues itself again" if issuer == name else f"{issuer} issues it again"
    lasts = (leaf_of.not_valid_after_utc - leaf_of.not_valid_before_utc).days
    uses = f" {listed_uses(listed.uses).capitalize()} will use the new one at once." if listed.uses else ""
    return f"{first} {who} for {lasts:,} days: the new certificate takes the old one’s place.{uses}"
