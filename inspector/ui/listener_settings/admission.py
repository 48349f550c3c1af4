"""The sections for who is let in: what is asked for, which CAs are trusted, which certificates are allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from inspector.errors import UsageError
from inspector.listen_request import KEPT, ListenRequest
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.listener_settings import checks, questions
from inspector.ui.listener_settings.form import Faults, Section, choose, set_property, set_text, wrapped
from inspector.ui.listener_settings.text_list import ListRows, TextList
from inspector.ui.listener_settings.vault_view import CaChoice, VaultView, until
from inspector.ui.qt_text import menu_text, tip
from inspector.ui.theme import fixed_font

IN_VAULT = "kept in the vault"
_WIDEST_NAME = 180
MODES = (
    ("mtls", "A client certificate (mutual TLS)", "a client certificate"),
    ("basic", "User and password (Basic)", "user and password"),
    ("mtls+basic", "Both: certificate and password", "certificate and password"),
    ("none", "Nothing: anybody is let in", "anybody"),
)


class Admission(Section):
    """What clients are asked for, and the CAs that their certificates are trusted by. `trust_wanted` carries an
    entry's name and whether it is to be trusted: that is the vault's, not the request's."""

    title = "Who is let in"
    fields = ("auth", "lenient", "basic_user", "basic_password", "client_ca_files")
    trust_wanted = Signal(str, bool)
    certificates_wanted = Signal()

    def build(self) -> None:
        self._auth = QComboBox()
        self._auth.setObjectName("settings_auth")
        for key, words, _ in MODES:
            self._auth.addItem(words, key)
        self._auth.activated.connect(self._choose_mode)
        self.row("auth", "Ask for", self._auth)
        self._user = QLineEdit()
        self._user.setObjectName("settings_user")
        self._user.editingFinished.connect(self.say_edited)
        self.row("user", "User", self._user)
        self._password = QLineEdit()
        self._password.setObjectName("settings_password")
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.editingFinished.connect(self.say_edited)
        self.row("password", "Password", self._password, "Kept encrypted in the vault, and nowhere else.")
        self._lenient = QCheckBox("Take everybody and flag them")
        self._lenient.setObjectName("settings_lenient")
        self._lenient.clicked.connect(self.say_edited)
        self.row(
            "lenient",
            "",
            self._lenient,
            "Clients that would be turned away for their certificate are let in, and their rows tell why.",
        )
        self._cas = _CaList(self)
        self._cas.toggled.connect(self.trust_wanted)
        self._cas.none.clicked.connect(self.certificates_wanted)
        self.row("cas", "Trusted CAs", self._cas)
        self._files: tuple[Path, ...] = ()
        self._ca_files = ListRows(self.theme, "Files with trusted CAs")
        self._ca_files.removed.connect(self._remove_file)
        self.row("ca_files", "CA files", self._ca_files, "They count in the place of the vault’s CAs.")

    def fill(self, request: ListenRequest) -> None:
        choose(self._auth, request.auth)
        set_text(self._user, request.basic_user)
        kept = request.basic_password == KEPT
        set_text(self._password, "" if kept else request.basic_password)
        self._password.setPlaceholderText(IN_VAULT if kept else "")
        self._lenient.setChecked(request.lenient)
        self._show_files(request.client_ca_files)

    def taken(self, request: ListenRequest, faults: Faults) -> ListenRequest:
        auth = str(self._auth.currentData())
        wants = "basic" in auth
        typed = self._password.text()
        before = request.basic_password if request.basic_password == KEPT else ""

        def user() -> str:
            text = self._user.text()
            if wants and not text:
                raise UsageError("Type the user that clients show.")
            if ":" in text or not text.isprintable():
                raise UsageError("A user has no colon and no control characters.")
            return text

        def password() -> str:
            if wants and not typed and not before:
                raise UsageError("Type the password that clients show.")
            return typed or before

        request = replace(request, auth=auth, lenient=self._lenient.isChecked(), client_ca_files=self._files)
        if not wants:
            return request
        return replace(
            request,
            basic_user=faults.read(self.places["user"], user, request.basic_user),
            basic_password=faults.read(self.places["password"], password, request.basic_password),
        )

    def summary(self, request: ListenRequest) -> str:
        words = next((short for key, _, short in MODES if key == request.auth), request.auth)
        return f"{words}, lenient" if request.lenient and "mtls" in request.auth else words

    def show_vault(self, view: VaultView) -> None:
        """List the vault's CAs."""
        self._cas.show_choices(view.cas)

    def complain_of_trust(self, message: str) -> None:
        """Say at the list of CAs why one could not be changed."""
        self.places["cas"].complain(message)

    @Slot()
    def _choose_mode(self) -> None:
        self._show_what_counts()
        self.say_edited()
        if self.places["user"].fault:
            self._user.setFocus()

    def _show_what_counts(self) -> None:
        auth = str(self._auth.currentData())
        for place in ("user", "password"):
            self.places[place].show("basic" in auth)
        self.places["lenient"].show("mtls" in auth)
        self.places["cas"].show("mtls" in auth and not self._files)
        self.places["ca_files"].show("mtls" in auth and bool(self._files))

    def _show_files(self, paths: tuple[Path, ...]) -> None:
        self._files = paths
        self._ca_files.set_values([str(path) for path in paths])
        self._show_what_counts()

    @Slot(str)
    def _remove_file(self, name: str) -> None:
        self._show_files(tuple(path for path in self._files if str(path) != name))
        self.say_edited()


class _CaList(QWidget):
    """A check for each CA of the vault."""

    toggled = Signal(str, bool)

    def __init__(self, section: Section) -> None:
        super().__init__()
        self._section = section
        self._choices: tuple[CaChoice, ...] | None = None
        self._boxes: dict[str, QCheckBox] = {}
        self.setAccessibleName("CAs that clients are trusted by")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._note = wrapped("", "muted", self)
        self._note.setMinimumHeight(28)
        self.none = QPushButton("Open the certificates page", self)
        self.none.setProperty("kind", "link")
        self.none.hide()
        self._column.addWidget(self._note)
        self._column.addWidget(self.none)

    def show_choices(self, choices: Sequence[CaChoice]) -> None:
        """Show these; where the same ones are there, only their checks."""
        choices = tuple(choices)
        if self._choices is not None and [c.name for c in self._choices] == [c.name for c in choices]:
            for choice in choices:
                self._boxes[choice.name].setChecked(choice.trusted)
        else:
            for row in self.findChildren(_CaRow):
                self._column.removeWidget(row)
                row.hide()
                row.deleteLater()
            self._boxes = {}
            for place, choice in enumerate(choices):
                row = _CaRow(choice, self)
                row.toggled.connect(self.toggled)
                self._boxes[choice.name] = row.box
                self._column.insertWidget(place, row)
            widest = max((box.sizeHint().width() for box in self._boxes.values()), default=0)
            for box in self._boxes.values():
                box.setFixedWidth(min(widest, _WIDEST_NAME))
        self._choices = choices
        trusted = sum(choice.trusted for choice in choices)
        self._note.setText(
            ""
            if trusted
            else "None is trusted: every client is turned away, but for certificates pinned below."
            if choices
            else "The vault has no CA yet."
        )
        set_property(self._note, "role", "warn" if choices else "muted")
        self._note.setVisible(not trusted)
        self.none.setVisible(not choices)


class _CaRow(QWidget):
    toggled = Signal(str, bool)

    def __init__(self, choice: CaChoice, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(28)
        self.box = QCheckBox(menu_text(choice.name), self)
        self.box.setObjectName(f"settings_ca_{choice.name}")
        self.box.setChecked(choice.trusted)
        self.box.setAccessibleName(f"Trust {choice.name} for clients")
        self.box.setToolTip(tip(choice.subject))
        subject = ElidedLabel(self)
        subject.setText(until(choice.days_left) if choice.days_left < 0 else choice.subject)
        subject.setProperty("role", "warn" if choice.days_left < 0 else "muted")
        subject.setToolTip(tip(f"{choice.subject}\n{until(choice.days_left)}"))
        self._name = choice.name
        self.box.clicked.connect(self._clicked)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.box)
        line.addWidget(subject, 1)

    @Slot(bool)
    def _clicked(self, checked: bool) -> None:  # noqa: FBT001 - a slot of a check box
        self.toggled.emit(self._name, checked)


class Allowed(Section):
    """Which certificates are let in, of those that the CAs vouch for; and what was revoked. `crls_chosen` carries the
    files somebody chose, to be looked at before they come back by `add_crls`."""

    title = "Allowed certificates"
    fields = ("client_fingerprints", "client_subjects", "crl_files")
    crls_chosen = Signal(object)

    def build(self) -> None:
        self._subjects = TextList(self.theme, "Allowed subjects", checks.subject, "CN=push-proxy*,O=Example")
        self._subjects.edit.setObjectName("settings_subject")
        self._subjects.changed.connect(self.say_edited)
        self.row(
            "subjects",
            "Subjects",
            self._subjects,
            "As the TLS tab shows them. Once there is one here or below, only those clients are let in.",
            focus=self._subjects.edit,
        )
        self._fingerprints = TextList(
            self.theme, "Pinned certificates", checks.fingerprint, "SHA-256 fingerprint", fixed_font()
        )
        self._fingerprints.edit.setObjectName("settings_fingerprint")
        self._fingerprints.changed.connect(self.say_edited)
        self.row(
            "fingerprints",
            "Pinned",
            self._fingerprints,
            "Let in whoever issued them, also where their issuer is not trusted.",
            focus=self._fingerprints.edit,
        )
        self._crls = ListRows(self.theme, "Revocation lists")
        self._crls.removed.connect(self._remove_crl)
        self._add_crl = QPushButton("Add files…")
        self._add_crl.setObjectName("settings_add_crl")
        self._add_crl.setAccessibleName("Add revocation lists")
        self._add_crl.clicked.connect(self._choose_crls)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._crls)
        line = QHBoxLayout()
        line.addWidget(self._add_crl)
        line.addStretch()
        column.addLayout(line)
        self.row(
            "crls",
            "Revoked",
            holder,
            "Revocation lists (CRL) of the clients’ CAs, read at the start of listening and with every change here.",
            focus=self._add_crl,
        )

    def fill(self, request: ListenRequest) -> None:
        self._subjects.set_values(request.client_subjects)
        self._fingerprints.set_values(request.client_fingerprints)
        self._show_crls(request.crl_files)

    def taken(self, request: ListenRequest, faults: Faults) -> ListenRequest:
        return replace(
            request,
            client_subjects=faults.read(
                self.places["subjects"], self._subjects.values, request.client_subjects
            ),
            client_fingerprints=faults.read(
                self.places["fingerprints"], self._fingerprints.values, request.client_fingerprints
            ),
            crl_files=self._paths,
        )

    def summary(self, request: ListenRequest) -> str:
        parts = [
            f"{count} {word if count == 1 else word + 's'}"
            for count, word in (
                (len(request.client_subjects), "subject"),
                (len(request.client_fingerprints), "pinned"),
                (len(request.crl_files), "revocation list"),
            )
            if count
        ]
        return ", ".join(parts).replace("pinneds", "pinned") or "every one of the trusted CAs"

    def _show_crls(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self._crls.set_values([path.name for path in paths], [str(path) for path in paths])

    @Slot()
    def _choose_crls(self) -> None:
        if chosen := questions.choose_crl_files(self):
            self.crls_chosen.emit(tuple(chosen))

    def add_crls(self, paths: Sequence[Path]) -> None:
        """Take files that were looked at."""
        self.places["crls"].complain("")
        self._show_crls(tuple(dict.fromkeys((*self._paths, *paths))))
        self.say_edited()

    @Slot(str)
    def _remove_crl(self, name: str) -> None:
        place = self._crls.values.index(name)
        self._show_crls(self._paths[:place] + self._paths[place + 1 :])
        self._add_crl.setFocus()
        self.say_edited()
