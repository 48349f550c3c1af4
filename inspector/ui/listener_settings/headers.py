"""The section for headers that every push should have. Their values are shown as dots. Imports PySide6."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QToolButton

from inspector.contract.header_fields import MOST_CUSTOM
from inspector.errors import UsageError
from inspector.listen_request import KEPT, ListenRequest
from inspector.listening_setup import header_warnings
from inspector.ui import icons
from inspector.ui.listener_settings import checks
from inspector.ui.listener_settings.admission import IN_VAULT
from inspector.ui.listener_settings.form import Faults, Row, Section, in_line, set_text, wrapped


@dataclass
class _Line:
    """One header's fields; `kept` is the name that a value in the vault belongs to."""

    name: QLineEdit
    value: QLineEdit
    clear: QToolButton
    row: Row
    kept: str = ""


class ExpectedHeaders(Section):
    """Up to four names, each with a value or none."""

    title = "Expected headers"
    fields = ("expected_headers",)

    def build(self) -> None:
        self.row(
            "headers",
            "",
            wrapped(
                "A push without one of these, or with another value, is marked as a problem. "
                "Without a value, the header only needs to be there. Values are kept encrypted in the vault.",
                "muted",
            ),
        )
        self._lines = [self._line(place) for place in range(MOST_CUSTOM)]
        self._warning = wrapped("", "warn")
        self._warning.setContentsMargins(0, 4, 0, 0)
        self.row("warnings", "", self._warning).show(False)
        self.theme.changed.connect(self._recolor)
        self._recolor()

    def fill(self, request: ListenRequest) -> None:
        given = [*request.expected_headers, *[("", "")] * MOST_CUSTOM]
        for line, (name, value) in zip(self._lines, given, strict=False):
            set_text(line.name, name)
            line.kept = name if value == KEPT else ""
            set_text(line.value, "" if value == KEPT else value)
            self._show(line)
        warnings = header_warnings(request.expected_headers)
        self._warning.setText("\n".join(warnings))
        self.places["warnings"].show(bool(warnings))

    def taken(self, request: ListenRequest, faults: Faults) -> ListenRequest:
        before = len(faults.rows)
        found: list[tuple[str, str]] = []
        for line in self._lines:
            if (read := faults.read(line.row, partial(self._read, line, found), None)) is not None:
                found.append(read)
        if len(faults.rows) > before:
            return request
        # What the sheet has no room for stays.
        return replace(request, expected_headers=(*found, *request.expected_headers[MOST_CUSTOM:]))

    def summary(self, request: ListenRequest) -> str:
        return ", ".join(name for name, _value in request.expected_headers) or "none"

    def _line(self, place: int) -> _Line:
        name, value, clear = QLineEdit(), QLineEdit(), QToolButton()
        name.setObjectName(f"settings_header_name_{place + 1}")
        name.setAccessibleName(f"Name of header {place + 1}")
        name.setPlaceholderText("Name")
        value.setObjectName(f"settings_header_value_{place + 1}")
        value.setAccessibleName(f"Value of header {place + 1}")
        value.setEchoMode(QLineEdit.EchoMode.Password)
        clear.setFixedSize(28, 28)
        clear.setAccessibleName(f"Take header {place + 1} out")
        clear.setToolTip("Take out")
        line = in_line(name, value, clear, stretch=1)
        name.setFixedWidth(132)
        row = self.row(f"header {place + 1}", f"Header {place + 1}", line, focus=name)
        made = _Line(name, value, clear, row)
        name.editingFinished.connect(self.say_edited)
        value.editingFinished.connect(self.say_edited)
        clear.clicked.connect(lambda: self._clear(made))
        name.textChanged.connect(lambda: self._show(made))
        return made

    def _show(self, line: _Line) -> None:
        line.value.setPlaceholderText(IN_VAULT if line.kept else "any value")
        line.clear.setEnabled(bool(line.name.text() or line.value.text() or line.kept))

    def _read(self, line: _Line, others: list[tuple[str, str]]) -> tuple[str, str] | None:
        if not line.name.text().strip():
            if line.value.text() or line.kept:
                raise UsageError("This value has no header: write its name.")
            return None
        name = checks.header_name(line.name.text())
        checks.no_double([other for other, _value in others], name)
        value = checks.header_value(line.value.text())
        if line.kept and not value:
            if line.kept.lower() != name.lower():
                raise UsageError(f"The value in the vault is of {line.kept}: type the one of {name}.")
            value = KEPT
        return name, value

    def _clear(self, line: _Line) -> None:
        line.kept = ""
        line.name.clear()
        line.value.clear()
        self._show(line)
        line.name.setFocus()
        self.say_edited()

    @Slot()
    def _recolor(self) -> None:
        colors = self.theme.colors
        for line in self._lines:
            line.clear.setIcon(icons.icon("x", colors.muted, colors.border))
