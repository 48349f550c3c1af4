"""“Sign a request…”: somebody else’s request signed with a CA of the vault. Imports PySide6 and this room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QWidget

from inspector.certificates.export import chain_pem
from inspector.certificates.files import write_whole
from inspector.certificates.model import Purpose
from inspector.certificates.requests import Asked, asked, issuing_ca, parse_csr, sign
from inspector.certificates.vault import Vault
from inspector.errors import CertificateError
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.chosen import Chosen
from inspector.ui.certificates.contents import Contents
from inspector.ui.certificates.file_picker import FilePicker
from inspector.ui.certificates.form_dialog import FormDialog, days_field, plain_label
from inspector.ui.certificates.import_preview import as_name
from inspector.ui.certificates.wording import PURPOSE_WORDS, common_name, error_words, in_a_line
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

READ_LANE = "certificate-request"
PROMPT = "Drop the request here (a .csr file), or paste it (Ctrl+V)."
_AS_ASKED: tuple[Purpose, ...] = ()
_NO_CA = "There is no CA in the vault to sign with: make one with New…"
_MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A request and what it asks for."""

    csr: x509.CertificateSigningRequest
    asked: Asked


def read_request(chosen: Chosen) -> ReadRequest:
    """The one request that was chosen. Raises CertificateError."""
    sources = chosen.sources()
    if len(sources) > 1:
        raise CertificateError(
            "These are several files, and one request is signed at a time.", "Leave the others out."
        )
    csr = parse_csr(sources[0].data, sources[0].name)
    return ReadRequest(csr, asked(csr))


def sign_and_save(
    vault: Vault,
    issuer: str,
    request: ReadRequest,
    path: Path,
    purposes: Sequence[Purpose],
    days: int,
) -> Path:
    """Sign a request and write the certificate with its chain as PEM; over a file that is there, as the person was
    asked. Raises CertificateError, VaultError."""
    ca = issuing_ca(vault, issuer)
    lasts = min(days, (ca.leaf.not_valid_after_utc - datetime.now(UTC)).days)
    chain = sign(ca, request.csr, purposes=purposes or None, days=max(1, lasts))
    try:
        write_whole(path, chain_pem(chain), mode=0o644)
    except OSError as error:
        raise CertificateError(
            f"Can’t write {path}: {error.strerror or error}.", "Choose another folder.", code="unwritable"
        ) from error
    return path


class SignDialog(FormDialog):
    """`signed` brings the path that the certificate was written to."""

    signed = Signal(object)

    def __init__(
        self, vault: Vault, worker: Worker, theme: Theme, contents: Contents, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "Sign a request", "Sign and save…", parent)
        self.setObjectName("certificate_sign_dialog")
        self.setAcceptDrops(True)
        self._vault = vault
        self._worker = worker
        self._read: ReadRequest | None = None
        self.files = FilePicker(theme, self)
        self.files.prompt(PROMPT)
        self.files.choose.setAutoDefault(False)
        self.add(self.files)
        self.asks = plain_label("plain", self)
        self.asks.setObjectName("certificate_sign_asks")
        self.asks_row = self.add_row("It asks for", self.asks)
        self.issuer = QComboBox(self)
        self.issuer.setObjectName("certificate_sign_issuer")
        for one in contents.issuers:
            self.issuer.addItem(one.entry.name, one.entry.name)
        self.issuer_row = self.add_row("&Signed by", self.issuer, "" if contents.issuers else _NO_CA)
        self.purpose = QComboBox(self)
        self.purpose.setObjectName("certificate_sign_purpose")
        self.purpose.addItem("what it asks for", _AS_ASKED)
        for words, purposes in (
            ("a client", ("client",)),
            ("a server", ("server",)),
            ("both", ("server", "client")),
        ):
            self.purpose.addItem(words, purposes)
        self.purpose_row = self.add_row("&For", self.purpose)
        self.days = days_field(self, "certificate_sign_days", _MOST_DAYS)
        self.days.setValue(365)
        self.days_row = self.add_row("&Lasts", self.days)
        self.files.changed.connect(self._read_anew)
        self.files.not_pasted.connect(self._nothing_to_paste)
        self.days.valueChanged.connect(self._update)
        self._update()
        self.files.choose.setFocus()

    def add_text(self, text: str) -> None:
        """Take a pasted request."""
        self.files.add_text(text)

    def add_files(self, paths: Sequence[Path]) -> None:
        """Take files, as if they had been dropped."""
        self.files.add(paths)

    @property
    def read(self) -> ReadRequest | None:
        """The request that was read; None while there is none."""
        return self._read

    @Slot()
    def go(self) -> None:
        """Ask where to, sign and save."""
        if self._read is None:
            return
        suggested = f"{as_name(common_name(self._read.asked.subject)) or 'signed'}.crt.pem"
        path = dialogs.choose_destination(self, "Save the signed certificate", suggested)
        if path is None:
            return
        vault, issuer, request = self._vault, str(self.issuer.currentData()), self._read
        purposes: Sequence[Purpose] = self.purpose.currentData() or _AS_ASKED
        days = self.days.value()
        self.work("Signing…", self.files, self.issuer, self.purpose, self.days)
        self._worker.submit(
            "",
            lambda: sign_and_save(vault, issuer, request, path, purposes, days),
            self._have_signed,
            self.complain,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.files.paste()
        else:
            super().keyPressEvent(event)

    def _have_signed(self, path: object) -> None:
        self.end_work()
        self.signed.emit(path)
        self.accept()

    @Slot()
    def _read_anew(self) -> None:
        chosen = self.files.chosen
        self._read = None
        self.note.say("")
        self._update()
        if chosen:
            self._worker.submit(
                READ_LANE, lambda: read_request(chosen), self._have_read, self._could_not_read
            )
        else:
            self._worker.outdated(READ_LANE)

    def _have_read(self, read: ReadRequest) -> None:
        self._read = read
        self._update()

    def _could_not_read(self, error: BaseException) -> None:
        self.note.say(*error_words(error))

    @Slot()
    def _nothing_to_paste(self) -> None:
        self.note.say(
            "There is no request on the clipboard.", "Copy its text from -----BEGIN to -----END.", "info"
        )

    @Slot()
    def _update(self) -> None:
        if self.busy:
            return
        read = self._read
        for row in (self.asks_row, self.purpose_row, self.days_row):
            row.setVisible(read is not None)
        if read is not None:
            wanted = read.asked
            uses = " and ".join(PURPOSE_WORDS[one].lower() for one in wanted.purposes)
            names = ", ".join(wanted.names)
            self.asks.setText(
                f"{in_a_line(wanted.subject)}\n{wanted.key} · {uses} certificate"
                + (f"\nfor {names}" if names else "")
            )
            end = datetime.now(UTC) + timedelta(days=self.days.value())
            self.days_row.say(f"until {end:%Y-%m-%d}, or as long as its issuer")
        self.accept_button.setEnabled(read is not None and bool(self.issuer.count()))
