"""The section for what a client may take: sizes, connections, times. Imports the listener's limits and PySide6."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QPushButton

from inspector.listen_request import ListenRequest
from inspector.listener.config import Limits
from inspector.ui.listener_settings import checks
from inspector.ui.listener_settings.form import Faults, Section, in_line, number, set_text

_SIZES = (
    ("header_bytes", "Header", "bytes", 1024, 16 * 1024 * 1024),
    ("body_bytes", "Body", "bytes", 1, 1024 * 1024 * 1024),
    ("connections", "Connections", "at once", 1, 100_000),
)
_TIMES = (
    ("handshake_seconds", "TLS handshake", "seconds"),
    ("header_seconds", "Header within", "seconds"),
    ("body_seconds", "Body within", "seconds"),
    ("idle_seconds", "Idle for", "seconds between two pushes"),
    ("drain_seconds", "After a refusal", "seconds to read the alert"),
)


class Advanced(Section):
    """The listener's limits; where all are as usual, the request has none."""

    title = "Advanced: limits"
    fields = ("limits",)

    def build(self) -> None:
        self._edits: dict[str, QLineEdit] = {}
        for name, label, unit, *_ in (*_SIZES, *_TIMES):
            holder, edit = number(unit, f"settings_{name}", self)
            self._edits[name] = edit
            self.row(name, label, holder, focus=edit)
        self._usual = QPushButton("Back to the usual limits")
        self._usual.setObjectName("settings_usual_limits")
        self._usual.clicked.connect(self._reset)
        self.row("usual", "", in_line(self._usual), focus=self._usual)

    def fill(self, request: ListenRequest) -> None:
        self._show(request.limits or Limits())

    def taken(self, request: ListenRequest, faults: Faults) -> ListenRequest:
        before = request.limits or Limits()
        values: dict[str, Any] = {}
        for name, _label, _unit, least, most in _SIZES:
            text = self._edits[name].text()
            values[name] = faults.read(
                self.places[name],
                partial(checks.whole, text, least, most),
                getattr(before, name),
            )
        for name, _label, _unit in _TIMES:
            text = self._edits[name].text()
            values[name] = faults.read(
                self.places[name],
                partial(checks.seconds, text),
                getattr(before, name),
            )
        limits = replace(before, **values)
        self._usual.setEnabled(limits != Limits())
        return replace(request, limits=None if limits == Limits() else limits)

    def summary(self, request: ListenRequest) -> str:
        return "as usual" if request.limits in (None, Limits()) else "changed"

    def _show(self, limits: Limits) -> None:
        for name, *_ in _SIZES:
            set_text(self._edits[name], f"{getattr(limits, name):,}")
        for name, *_ in _TIMES:
            set_text(self._edits[name], f"{getattr(limits, name):g}")
        self._usual.setEnabled(limits != Limits())

    @Slot()
    def _reset(self) -> None:
        self._show(Limits())
        self.say_edited()
