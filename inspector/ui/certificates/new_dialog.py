"""“New…”: an identity, a CA or a request, made in the vault. Imports PySide6 and the pieces of this room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from inspector.certificates.key_kinds import KeyKind
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError
from inspector.ui.certificates.contents import Contents
from inspector.ui.certificates.form_dialog import FormDialog, days_field
from inspector.ui.certificates.name_chips import NameChips
from inspector.ui.certificates.new_identity import APPLE_DAYS, ITSELF, NewIdentity, Wanted, make
from inspector.ui.certificates.wording import day, moment
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

_MOST_DAYS = 7300
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NO_ISSUER = "There is no CA in the vault to issue it: it issues itself. Make a CA first to have it issued."


class NewDialog(FormDialog):
    """`made` brings the VaultEntry or the PendingRequest."""

    made = Signal(object)

    def __init__(
        self,
        vault: Vault,
        worker: Worker,
        theme: Theme,
        contents: Contents,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "New certificate", "Make", parent)
        self.setObjectName("certificate_new_dialog")
        self._vault = vault
        self._worker = worker
        self._issuers = {one.entry.name: one for one in contents.issuers}
        self._own_days = False
        self.kind = QComboBox(self)
        self.kind.setObjectName("certificate_new_kind")
        for wanted in Wanted:
            self.kind.addItem(wanted.words, wanted)
        self.name = QLineEdit(self)
        self.name.setObjectName("certificate_new_name")
        self.name.setMaxLength(64)
        self.issuer = QComboBox(self)
        self.issuer.setObjectName("certificate_new_issuer")
        self.names = NameChips(theme, self)
        self.names.offer(contents.around.names, _LOOPBACK)
        self.key = QComboBox(self)
        self.key.setObjectName("certificate_new_key")
        for kind in KeyKind:
            self.key.addItem(kind.label, kind)
        self.days = days_field(self, "certificate_new_days", _MOST_DAYS)
        self.until = QLabel(self)
        self.until.setProperty("role", "muted")
        self.trust = QCheckBox("Let in the clients that it issues", self)
        self.trust.setObjectName("certificate_new_trust")
        self._lay_out()
        self._connect()
        self._kind_chosen()
        self.name.setFocus()

    def _lay_out(self) -> None:
        lasts = QWidget(self)
        line = QHBoxLayout(lasts)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.days)
        line.addWidget(self.until, 1)
        lasts.setFocusProxy(self.days)
        self.days.setAccessibleName("Days it lasts")
        self.kind_row = self.add_row("&What", self.kind)
        self.name_row = self.add_row("&Name", self.name)
        self.issuer_row = self.add_row("&Issued by", self.issuer)
        self.names_row = self.add_row("&For", self.names)
        self.key_row = self.add_row("&Key", self.key)
        self.days_row = self.add_row("&Lasts", lasts)
        self.trust_row = self.add_row("", self.trust)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.issuer.currentIndexChanged.connect(self._update)
        self.days.valueChanged.connect(self._days_chosen)
        self.name.textChanged.connect(self._update)
        self.names.changed.connect(self._update)

    @property
    def wanted(self) -> Wanted:
        """What is to be made."""
        return Wanted(self.kind.currentData())

    @property
    def new(self) -> NewIdentity:
        """All that was chosen."""
        return NewIdentity(
            self.wanted,
            self.name.text().strip(),
            KeyKind(self.key.currentData()),
            self.days.value(),
            self.names.names if self.wanted.has_names else (),
            str(self.issuer.currentData() or ITSELF),
            self.trust.isChecked(),
        )

    @Slot()
    def _kind_chosen(self) -> None:
        wanted = self.wanted
        self.kind_row.say(wanted.meaning)
        example = "dev-ca-2" if wanted.is_ca else "mybrand-proxy" if wanted.has_names else "mybrand-client"
        self.name.setPlaceholderText(f"such as {example}")
        chosen = self.issuer.currentData()
        blocked = self.issuer.blockSignals(True)
        self.issuer.clear()
        for name in self._issuers:
            self.issuer.addItem(name, name)
        if wanted in (Wanted.CLIENT, Wanted.SERVER):
            self.issuer.addItem("itself (self-signed)", ITSELF)
        self.issuer.setCurrentIndex(max(0, self.issuer.findData(chosen)))
        self.issuer.blockSignals(blocked)
        if not self._own_days:
            blocked = self.days.blockSignals(True)
            self.days.setValue(wanted.days)
            self.days.blockSignals(blocked)
        self.issuer_row.setVisible(not wanted.is_request and wanted is not Wanted.CA)
        self.names_row.setVisible(wanted.has_names)
        self.days_row.setVisible(not wanted.is_request)
        self.trust_row.setVisible(wanted.is_ca)
        self.note.say("")
        self._update()

    @Slot()
    def _days_chosen(self) -> None:
        self._own_days = True
        self._update()

    @Slot()
    def _update(self) -> None:
        if self.busy:
            return
        wanted, name = self.wanted, self.name.text().strip()
        self._tell_end()
        no_ca = not self._issuers and wanted in (Wanted.CLIENT, Wanted.SERVER)
        needs_ca = wanted is Wanted.INTERMEDIATE and not self._issuers
        self.issuer_row.say(
            _NO_ISSUER if no_ca else "There is no CA in the vault that could issue it." if needs_ca else ""
        )
        wrong = self.names.wrong if wanted.has_names else ""
        self.names_row.say(f"“{wrong}” is no host name and no address." if wrong else "")
        no_names = wanted.has_names and not self.names.names
        if no_names:
            self.names_row.say("Pick at least one: clients look for the name they connect to.")
        self.yes = "Make request" if wanted.is_request else "Make"
        self.accept_button.setText(self.yes)
        self.accept_button.setEnabled(bool(name) and not needs_ca and not wrong and not no_names)

    def _tell_end(self) -> None:
        end = datetime.now(UTC) + timedelta(days=self.days.value())
        self.days.setSuffix(" day" if self.days.value() == 1 else " days")
        issuer = self._issuers.get(str(self.issuer.currentData() or ""))
        words, hint = f"until {end:%Y-%m-%d}", ""
        if issuer is not None and not self.wanted.is_request and self.wanted is not Wanted.CA:
            last = moment(issuer.leaf.not_after)
            if last is not None and last < end:
                words = f"until {day(issuer.leaf.not_after)}"
                hint = f"{issuer.entry.name} ends then, and what it issues with it."
        if self.wanted is Wanted.SERVER and self.days.value() > APPLE_DAYS:
            hint = f"Apple’s devices take no server certificate that lasts longer than {APPLE_DAYS} days."
        self.until.setText(words)
        self.days_row.say(hint)

    @Slot()
    def go(self) -> None:
        """Make it."""
        self.names.take()
        new, vault = self.new, self._vault
        controls = (self.kind, self.name, self.issuer, self.names, self.key, self.days, self.trust)
        self.work("Making…", *controls)
        self._worker.submit("", partial(make, vault, new), self._have_made, self._could_not)

    def _have_made(self, made: object) -> None:
        self.end_work()
        self.made.emit(made)
        self.accept()

    def _could_not(self, error: BaseException) -> None:
        self.complain(error)
        if isinstance(error, CertificateError) and error.code in ("exists", "invalid_name"):
            self.name.setFocus()
            self.name.selectAll()
