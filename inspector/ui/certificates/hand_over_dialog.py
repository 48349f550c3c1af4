"""“Export for LivePerson…”: the files that are handed over, looked at before they are written.

Imports PySide6 and the pieces of this room.
"""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from inspector.certificates.handover import HandedOver, file_names, hand_over
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.form_dialog import FormDialog
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.certificates.secret_field import SecretField
from inspector.ui.theme import Theme, fixed_font
from inspector.ui.worker import Worker

PREFIX = "mybrandpush"
_CLEAR = "The key’s file will not be encrypted: whoever reads it can be this client."
_TELL = "Tell LivePerson the password apart from the file."
_LONGEST = 100


class HandOverDialog(FormDialog):
    """`handed_over` brings the tuple of HandedOver."""

    handed_over = Signal(object)

    def __init__(
        self,
        vault: Vault,
        worker: Worker,
        theme: Theme,
        name: str,
        known: tuple[x509.Certificate, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, f"Export {name} for LivePerson", "Export", parent, width=660)
        self.setObjectName("certificate_hand_over_dialog")
        self._vault = vault
        self._worker = worker
        self._name = name
        self._known = known
        self.prefix = QLineEdit(PREFIX, self)
        self.prefix.setObjectName("certificate_hand_over_prefix")
        self.prefix.setMaxLength(_LONGEST)
        self.folder = QLineEdit(self)
        self.folder.setObjectName("certificate_hand_over_folder")
        self.folder.setPlaceholderText("the folder to write to; it is made where it isn’t there")
        self.choose = QPushButton("Choose…", self)
        self.choose.setAccessibleName("Choose the folder")
        self.choose.setAutoDefault(False)
        self.encrypt = QCheckBox("Encrypt it with a password", self)
        self.encrypt.setObjectName("certificate_hand_over_encrypt")
        self.password = SecretField(theme, "Password for the key", self)
        self.again = SecretField(theme, "The password once more", self)
        self.replace = QCheckBox("Replace the files that are there", self)
        self.replace.setObjectName("certificate_hand_over_replace")
        self._files: list[tuple[QLabel, str]] = []
        self._lay_out()
        self._connect()
        self._update()
        self.folder.setFocus()

    def _lay_out(self) -> None:
        where = QWidget(self)
        line = QHBoxLayout(where)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.folder, 1)
        line.addWidget(self.choose)
        where.setFocusProxy(self.folder)
        self.folder.setAccessibleName("Folder")
        self.prefix_row = self.add_row("File &names", self.prefix, "What the files’ names begin with")
        self.folder_row = self.add_row("&Folder", where)
        self.encrypt_row = self.add_row("Private &key", self.encrypt)
        self.password_row = self.add_row("&Password", self.password)
        self.again_row = self.add_row("Once &more", self.again)
        self.files = self._preview()
        self.add(self.files)
        self.add(self.replace)
        self.replace.hide()

    def _preview(self) -> QWidget:
        area = QWidget(self)
        area.setObjectName("certificate_hand_over_files")
        grid = QGridLayout(area)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        row, before = 0, ""
        for name, receiver, meaning in file_names(""):
            if receiver != before:
                heading = QLabel(f"For {receiver}", area)
                heading.setProperty("role", "heading")
                if before:
                    grid.setRowMinimumHeight(row, 6)
                    row += 1
                grid.addWidget(heading, row, 0, 1, 2)
                row, before = row + 1, receiver
            label = QLabel(area)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(fixed_font())
            words = ElidedLabel(area, Qt.TextElideMode.ElideRight)
            words.setProperty("role", "muted")
            words.setText(meaning)
            grid.addWidget(label, row, 0)
            grid.addWidget(words, row, 1)
            self._files.append((label, name))
            row += 1
        return area

    def _connect(self) -> None:
        self.choose.clicked.connect(self._choose)
        for field in (self.prefix, self.folder):
            field.textChanged.connect(self._update)
        self.encrypt.toggled.connect(self._encrypt_toggled)
        self.password.changed.connect(self._update)
        self.again.changed.connect(self._update)
        self.finished.connect(self._forget)

    @property
    def file_names(self) -> tuple[str, ...]:
        """The names of the files, as they are shown."""
        return tuple(label.text() for label, _name in self._files)

    @Slot()
    def _choose(self) -> None:
        if folder := dialogs.choose_folder(self, "Choose the folder to write to"):
            self.folder.setText(str(folder))

    @Slot()
    def _encrypt_toggled(self) -> None:
        self._update()
        if self.encrypt.isChecked():
            self.password.setFocus()

    @Slot()
    def _update(self) -> None:
        if self.busy:
            return
        encrypts = self.encrypt.isChecked()
        prefix = self.prefix.text().strip()
        for label, name in self._files:
            label.setText(f"{prefix or '…'}{name}")
        self.encrypt_row.say(_TELL if encrypts else _CLEAR)
        self.password_row.setVisible(encrypts)
        self.again_row.setVisible(encrypts)
        typed, again = self.password.text(), self.again.text()
        self.again_row.say("The two are not the same." if encrypts and again and again != typed else "")
        self.replace.setVisible(False)
        self.replace.setChecked(False)
        self.note.say("")
        ready = bool(prefix and self.folder.text().strip())
        self.accept_button.setEnabled(ready and (not encrypts or (bool(typed) and typed == again)))

    @Slot()
    def go(self) -> None:
        """Write the files."""
        vault, name, known = self._vault, self._name, self._known
        folder, prefix = Path(self.folder.text().strip()).expanduser(), self.prefix.text().strip()
        password = self.password.text() if self.encrypt.isChecked() else None
        replace = self.replace.isChecked()

        def job() -> tuple[HandedOver, ...]:
            return hand_over(vault.identity(name), folder, prefix, password, known=known, replace=replace)

        self.work(
            "Exporting…",
            self.prefix,
            self.folder,
            self.choose,
            self.encrypt,
            self.password,
            self.again,
            self.replace,
        )
        self._worker.submit("", job, self._have_written, self._could_not)

    def _have_written(self, written: object) -> None:
        self.end_work()
        self.handed_over.emit(written)
        self.accept()

    def _could_not(self, error: BaseException) -> None:
        self.complain(error)
        if isinstance(error, CertificateError) and error.code == "exists":
            self.note.say(error.message, "Name another folder or other file names, or replace them.")
            self.replace.setVisible(True)
            self.replace.setFocus()

    @Slot()
    def _forget(self) -> None:
        self.password.clear()
        self.again.clear()
