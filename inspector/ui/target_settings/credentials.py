"""What the pusher shows of itself beside its certificate: Basic, and up to four headers of the brand's own.

Imports the contract's words for headers, PySide6 and the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton

from inspector.contract.header_fields import MOST_CUSTOM, is_name, is_safe_value
from inspector.contract.masking import is_credential
from inspector.errors import UsageError
from inspector.sender.request import KEPT, SendRequest
from inspector.sending_setup import header_warnings
from inspector.ui import icons
from inspector.ui.certificates.note import Note
from inspector.ui.listener_settings.form import Faults, Row, in_line, set_text
from inspector.ui.target_settings.connection import one_line, user
from inspector.ui.target_settings.rows import Block, SecretField
from inspector.ui.theme import CONTROL_HEIGHT

_NAME_WIDTH = 104


class BasicBlock(Block):
    """User and password for Basic. `reveal_wanted` asks for the password that is kept."""

    reveal_wanted = Signal()

    def build(self) -> None:
        self.user = self.line_edit("basic_user", "User for Basic", "user, if they ask for Basic")
        self.row("user", "&Basic", self.user)
        self.password = SecretField(self.theme, "basic_password", "Password for Basic")
        self.follow(self.password.edit)
        self.password.reveal_wanted.connect(self.reveal_wanted)
        self.row("password", "", self.password, focus=self.password.edit)
        self.user.textChanged.connect(self._show_what_counts)
        self._show_what_counts()

    def fill(self, request: SendRequest) -> None:
        self.password.show_value(request.basic_password, "password")
        set_text(self.user, request.basic_user)
        self._show_what_counts()

    def taken(self, request: SendRequest, faults: Faults) -> SendRequest:
        if not self.user.text():
            self.places["user"].complain("")
            return replace(request, basic_user="", basic_password="")
        return replace(
            request,
            basic_user=faults.read(self.places["user"], lambda: user(self.user.text()), request.basic_user),
            basic_password=faults.read(
                self.places["password"], lambda: one_line(self.password.value), request.basic_password
            ),
        )

    @Slot()
    def _show_what_counts(self) -> None:
        self.places["password"].show(bool(self.user.text()))


@dataclass
class _Line:
    """One header's fields; `kept_as` is the name that a value in the vault belongs to."""

    name: QLineEdit
    value: SecretField
    secret: QToolButton
    clear: QToolButton
    row: Row
    kept_as: str = ""

    @property
    def empty(self) -> bool:
        return not (self.name.text().strip() or self.value.value)


class HeadersBlock(Block):
    """Up to four names and values. Each is judged by what the pusher could send as it is typed; what it could not is
    told and sent all the same. `reveal_wanted` asks for the values that are kept."""

    reveal_wanted = Signal()

    def build(self) -> None:
        self._rest: tuple[tuple[str, str], ...] = ()
        self.add = QPushButton("Add a header", self)
        self.add.setObjectName("composer_target_header_add")
        self.add.setProperty("kind", "link")
        self.add.clicked.connect(self._add)
        self._most = QLabel(f"{MOST_CUSTOM} are all that LivePerson takes")
        self._most.setProperty("role", "muted")
        self.row("add", "&Headers", in_line(self.add, self._most), focus=self.add)
        self.lines = [self._line(place) for place in range(MOST_CUSTOM)]
        self.warning = Note(self.theme, self)
        self.warning.setAccessibleName("What LivePerson does not take of the headers")
        self.row("warning", "", self.warning, wide=True).show(False)
        self.theme.changed.connect(self._recolor)
        self._recolor()
        self._say_how_many()

    def _line(self, place: int) -> _Line:
        number = place + 1
        name = self.line_edit(f"header_name_{number}", f"Name of header {number}", "Name")
        name.setFixedWidth(_NAME_WIDTH)
        value = SecretField(self.theme, f"header_value_{number}", f"Value of header {number}")
        self.follow(value.edit)
        value.reveal_wanted.connect(self.reveal_wanted)
        secret, clear = self._tool(f"header_secret_{number}"), self._tool(f"header_clear_{number}")
        secret.setCheckable(True)
        secret.setChecked(True)
        clear.setAccessibleName(f"Take header {number} out")
        clear.setToolTip("Take out")
        value.line.addWidget(secret)
        value.line.addWidget(clear)
        holder = in_line(name, value, stretch=1)
        layout = holder.layout()
        assert layout is not None
        layout.setSpacing(4)
        row = self.row(f"header {number}", "", holder, focus=name, wide=True)
        row.show(False)
        secret.setAccessibleName(f"Header {number} is secret")
        made = _Line(name, value, secret, clear, row)
        for edit in (name, value.edit):
            edit.textChanged.connect(self._judge)
        secret.toggled.connect(partial(self._mark_secret, made))
        secret.clicked.connect(self.say_edited)
        clear.clicked.connect(partial(self._clear, made))
        return made

    def _tool(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"composer_target_{name}")
        button.setFixedSize(CONTROL_HEIGHT, CONTROL_HEIGHT)
        button.setProperty("kind", "disclose")
        return button

    def fill(self, request: SendRequest) -> None:
        secret = {name.lower() for name in request.secret_headers}
        shown = request.headers[:MOST_CUSTOM]
        self._rest = request.headers[MOST_CUSTOM:]  # what there is no room for stays
        for line, (name, value) in zip(self.lines, [*shown, *[("", "")] * MOST_CUSTOM], strict=False):
            line.kept_as = name if value == KEPT else ""
            set_text(line.name, name)
            line.value.show_value(value, "value")
            line.secret.setChecked(not name or name.lower() in secret or is_credential(name))
            self._mark_secret(line, line.secret.isChecked())
            line.row.show(bool(name))
        self._say_how_many()
        self._judge()

    def taken(self, request: SendRequest, faults: Faults) -> SendRequest:
        before = len(faults.rows)
        found: list[tuple[str, str]] = []
        for line in self.lines:
            if (read := faults.read(line.row, partial(self._read, line, found), None)) is not None:
                found.append(read)
        if len(faults.rows) > before:
            return request
        secret = [
            line.name.text().strip() for line in self.lines if not line.empty and line.secret.isChecked()
        ]
        kept = {name for name, _value in self._rest} & set(request.secret_headers)
        return replace(request, headers=(*found, *self._rest), secret_headers=(*secret, *sorted(kept)))

    def show_kept(self, headers: tuple[tuple[str, str], ...]) -> None:
        """Show the values that the vault has, where an eye is open."""
        known = {name.lower(): value for name, value in headers}
        for line in self.lines:
            line.value.show_kept(known.get(line.kept_as.lower(), ""))

    def _read(self, line: _Line, others: list[tuple[str, str]]) -> tuple[str, str] | None:
        if line.empty:
            return None
        name, value = line.name.text().strip(), line.value.value
        if not name:
            raise UsageError("This value has no header: write its name.")
        if not is_name(name):
            raise UsageError("A header’s name has letters, digits and hyphens, such as X-Api-Key.")
        if name.lower() in (other.lower() for other, _value in others):
            raise UsageError(f"{name} stands here twice.", "Keep one of them.")
        if value == KEPT and line.kept_as.lower() != name.lower():
            raise UsageError(f"The value in the vault is of {line.kept_as}: type the one of {name}.")
        if value != KEPT and not is_safe_value(value):
            raise UsageError(
                f"The value of {name} has a character that no header may have (a line end, an accent, …)."
            )
        return name, value

    @Slot()
    def _judge(self) -> None:
        typed = [(line.name.text(), line.value.value) for line in self.lines if not line.empty]
        warnings = header_warnings((*typed, *self._rest))
        self.warning.say("\n".join(warnings), "Sent all the same." if warnings else "", severity="warning")
        self.places["warning"].show(bool(warnings))

    @Slot()
    def _add(self) -> None:
        free = next((line for line in self.lines if not line.row.shown), None)
        if free is not None:
            free.row.show(True)
            free.name.setFocus()
        self._say_how_many()

    def _clear(self, line: _Line) -> None:
        line.kept_as = ""
        line.name.clear()
        line.value.show_value("", "value")
        line.secret.setChecked(True)
        line.row.show(False)
        self._say_how_many()
        self.add.setFocus()
        self.say_edited()

    def _say_how_many(self) -> None:
        room = not all(line.row.shown for line in self.lines)
        self.add.setVisible(room)
        self._most.setVisible(not room)

    def _mark_secret(self, line: _Line, secret: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        line.value.eye.setVisible(secret)
        line.value.show_openly(not secret)
        line.secret.setIcon(icons.icon("lock-key" if secret else "lock-key-open", self.theme.colors.muted))
        line.secret.setToolTip(
            "Secret: shown as dots, kept in the vault" if secret else "Not secret: shown, and kept as it is"
        )

    @Slot()
    def _recolor(self) -> None:
        for line in self.lines:
            line.clear.setIcon(icons.icon("x", self.theme.colors.muted))
            self._mark_secret(line, line.secret.isChecked())
