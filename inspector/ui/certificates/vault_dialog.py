"""“Vault…”: what opens the private keys, another passphrase, and when the vault is locked.

Imports PySide6, the workbench and the pieces of this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from inspector.certificates.passphrase import VARIABLE, PassphraseKind, PassphraseSource
from inspector.ui.certificates.form_dialog import FormDialog, plain_label
from inspector.ui.certificates.note import shortened
from inspector.ui.certificates.secret_field import SecretField
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

if TYPE_CHECKING:
    from inspector.workbench import Workbench

NEVER = 0
_AFTER = ((NEVER, "never"), (5, "5 minutes"), (15, "15 minutes"), (60, "an hour"), (480, "8 hours"))
_SOURCES = (
    (
        PassphraseKind.KEYRING,
        "The &OS keyring",
        "A random passphrase that your login opens; nothing is asked.",
    ),
    (
        PassphraseKind.PASSPHRASE,
        "A &passphrase of mine",
        "Asked for once per start, and after the vault was locked.",
    ),
    (
        PassphraseKind.ENVIRONMENT,
        f"The &variable {VARIABLE}",
        "For machines: it has to be set at every start.",
    ),
    (
        PassphraseKind.KEY_FILE,
        "A random key in a &file",
        "Asks nothing; whoever reads that file opens the vault.",
    ),
)
_ONLY_YOURS = "Locking keeps others out only with a passphrase of yours; else it opens again by itself."


class VaultDialog(FormDialog):
    """Accepted once all is saved; `said` tells what was done. Whether to `notify` is for others to keep; None where
    nobody can."""

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        theme: Theme,
        source: PassphraseSource,
        idle_minutes: int | None,
        *,
        notify: bool | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "Vault", "Save", parent)
        self.setObjectName("certificate_vault_dialog")
        self._workbench = workbench
        self._worker = worker
        self._source = source
        self.said = ""
        self._idle = idle_minutes or NEVER
        self.choices: dict[PassphraseKind, QRadioButton] = {}
        self.passphrase = SecretField(theme, "New passphrase", self)
        self.again = SecretField(theme, "The passphrase once more", self)
        self.after = QComboBox(self)
        self.after.setObjectName("certificate_vault_idle")
        self.lock_now = QPushButton("Lock now", self)
        self.lock_now.setObjectName("certificate_vault_lock")
        self.lock_now.setAutoDefault(False)
        self.notify = QCheckBox("Tell me on the desktop, 30, 14, 7 and 1 days before", self)
        self.notify.setObjectName("certificate_vault_notify")
        self.notify.setChecked(bool(notify))
        self._notifies = bool(notify)
        self._lay_out()
        self.notify_row.setVisible(notify is not None)
        self._connect()
        self._update()

    def _lay_out(self) -> None:
        self.now = plain_label(
            "plain", self, shortened(f"Private keys are locked by: {self._source.description}")
        )
        self.now.setToolTip(self._source.description)
        self.add(self.now)
        choice = QWidget(self)
        column = QVBoxLayout(choice)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(2)
        for kind, words, means in _SOURCES:
            button = QRadioButton(words, choice)
            button.setObjectName(f"certificate_vault_{kind}")
            button.setChecked(kind is self._source.kind)
            button.setAccessibleDescription(means)
            meaning = plain_label("muted", choice, means)
            meaning.setContentsMargins(20, 0, 0, 6)
            column.addWidget(button)
            column.addWidget(meaning)
            self.choices[kind] = button
        self._choice = choice
        self.choice_row = self.add_row("Opened by", choice)
        self.passphrase_row = self.add_row("&New", self.passphrase)
        self.again_row = self.add_row("Once &more", self.again)
        for minutes, words in _AFTER:
            self.after.addItem(words, minutes)
        if self.after.findData(self._idle) < 0:
            self.after.addItem(f"{self._idle} minutes", self._idle)
        self.after.setCurrentIndex(self.after.findData(self._idle))
        lock = QWidget(self)
        line = QHBoxLayout(lock)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.after, 1)
        line.addWidget(self.lock_now)
        lock.setFocusProxy(self.after)
        self.after.setAccessibleName("Lock when idle for")
        self.lock_row = self.add_row("&Lock after", lock)
        self.notify_row = self.add_row("Expiry", self.notify)

    def _connect(self) -> None:
        for button in self.choices.values():
            button.toggled.connect(self._update)
        self.passphrase.changed.connect(self._update)
        self.again.changed.connect(self._update)
        self.after.currentIndexChanged.connect(self._update)
        self.notify.toggled.connect(self._update)
        self.lock_now.clicked.connect(self._lock)
        self.finished.connect(self._forget)

    @property
    def kind(self) -> PassphraseKind | None:
        """The source that is chosen; None where the vault has none yet and none is chosen."""
        return next((kind for kind, button in self.choices.items() if button.isChecked()), None)

    @property
    def idle_minutes(self) -> int:
        """After how many idle minutes the vault is to be locked; NEVER."""
        return int(self.after.currentData())

    @Slot()
    def _update(self) -> None:
        if self.busy:
            return
        own = self.kind is PassphraseKind.PASSPHRASE
        self.passphrase_row.setVisible(own)
        self.again_row.setVisible(own)
        typed, again = self.passphrase.text(), self.again.text()
        had = self._source.kind is PassphraseKind.PASSPHRASE
        self.passphrase_row.say(
            "Leave it empty to keep the one there is."
            if had and not typed
            else "The longer the better; nobody can bring it back."
        )
        self.again_row.say("The two are not the same." if again and again != typed else "")
        self.lock_row.say("" if own else _ONLY_YOURS)
        self.note.say("")
        changes = self._moves or self.idle_minutes != self._idle or self.notify.isChecked() != self._notifies
        typed_well = not own or (had and not typed and not again) or (bool(typed.strip()) and typed == again)
        self.accept_button.setEnabled(changes and typed_well)

    @property
    def _moves(self) -> bool:
        """Whether the keys are to be encrypted anew."""
        if self.kind is PassphraseKind.PASSPHRASE and self.passphrase.text():
            return True
        return self.kind is not None and self.kind is not self._source.kind

    @Slot()
    def go(self) -> None:
        """Save what was changed."""
        workbench, kind, minutes = self._workbench, self.kind, self.idle_minutes
        moves, idle_changed = self._moves, self.idle_minutes != self._idle
        new = self.passphrase.text()

        def job() -> None:
            if moves and kind is PassphraseKind.PASSPHRASE:
                workbench.vault.change_passphrase(new)
            elif moves and kind is not None:
                workbench.vault.protect_with(kind)
            if idle_changed:
                workbench.lock_vault_after(minutes or None)

        self.work(
            "Saving…", self._choice, self.passphrase, self.again, self.after, self.lock_now, self.notify
        )
        self.said = "All private keys are encrypted anew." if moves else "Saved."
        self._worker.submit("", job, self._saved, self.complain)

    def _saved(self, _nothing: object) -> None:
        self.end_work()
        self.accept()

    @Slot()
    def _lock(self) -> None:
        self._workbench.vault.lock()
        self.note.say(
            "Locked. The next use of a private key asks for the passphrase."
            if self._source.asks
            else "Locked; the next use of a private key opens it again.",
            severity="ok",
        )

    @Slot()
    def _forget(self) -> None:
        self.passphrase.clear()
        self.again.clear()
