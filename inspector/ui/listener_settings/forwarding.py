"""The section for an upstream that every push is passed on to. Imports PySide6."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from inspector.errors import UsageError
from inspector.listen_request import ForwardRequest, ListenRequest
from inspector.ui.listener_settings import checks
from inspector.ui.listener_settings.form import Faults, Section, choose, number, set_text, wrapped
from inspector.ui.listener_settings.vault_view import VaultView

_CHECKED = "Checked against the system’s CAs and the vault’s"


class Forwarding(Section):
    """Where to, as whom, and what the client gets. What is set comes back while the sheet is there, though
    forwarding is switched off meanwhile."""

    title = "Forward to"
    fields = ("forward",)

    def build(self) -> None:
        self._view = VaultView()
        self._on = QCheckBox("Pass every push on to an upstream")
        self._on.setObjectName("settings_forward")
        self._on.clicked.connect(self._switch)
        self.row("forward", "", self._on, "Unchanged, byte for byte; its answer is kept beside the push.")
        self._url = QLineEdit()
        self._url.setObjectName("settings_forward_url")
        self._url.setPlaceholderText("https://proxy.example.com:8443/push")
        self._url.editingFinished.connect(self.say_edited)
        self.row("forward_url", "URL", self._url)
        self._identity = QComboBox()
        self._identity.setObjectName("settings_forward_identity")
        self._identity.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._identity.setMinimumContentsLength(12)
        self._identity.activated.connect(self.say_edited)
        self.row("forward_identity", "Our identity", self._identity)
        self._trust = QComboBox()
        self._trust.setObjectName("settings_forward_trust")
        self._trust.addItem(_CHECKED, False)
        self._trust.addItem("Not checked", True)
        self._trust.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._trust.activated.connect(self._mark_unchecked)
        self._trust.activated.connect(self.say_edited)
        self.row("forward_trust", "Its certificate", self._trust)
        self._unchecked = wrapped("⚠ Whoever answers in its place gets every push.", "bad")
        self.row("forward_unchecked", "", self._unchecked)
        holder, self._patience = number("seconds", "settings_forward_timeout", self, 72)
        self.row("forward_timeout", "Wait at most", holder, focus=self._patience)
        self._answer = QComboBox()
        self._answer.setObjectName("settings_forward_answer")
        self._answer.addItem("The upstream’s answer", True)
        self._answer.addItem("Our own answer, or a rule’s", False)
        self._answer.activated.connect(self.say_edited)
        self.row("forward_answer", "Client gets", self._answer)
        self._wanted = ForwardRequest("")

    def fill(self, request: ListenRequest) -> None:
        self._on.setChecked(request.forward is not None)
        if request.forward is not None:
            self._wanted = request.forward
        forward = self._wanted
        set_text(self._url, forward.url)
        self._list()
        files = len(forward.ca_files)
        self._trust.setItemText(
            0, f"Checked against {files} CA file{'s' * (files > 1)}" if files else _CHECKED
        )
        choose(self._trust, forward.insecure)
        set_text(self._patience, f"{forward.timeout:g}")
        choose(self._answer, forward.returns_answer)
        self._show_what_counts()

    def taken(self, request: ListenRequest, faults: Faults) -> ListenRequest:
        if not self._on.isChecked():
            for row in self.places.values():
                row.complain("")
            return replace(request, forward=None)
        before = len(faults.rows)
        base = request.forward or self._wanted
        forward = replace(
            base,
            url=faults.read(self.places["forward_url"], lambda: _url(self._url.text()), base.url),
            identity=str(self._identity.currentData() or ""),
            insecure=bool(self._trust.currentData()),
            timeout=faults.read(
                self.places["forward_timeout"],
                lambda: checks.seconds(self._patience.text(), 600),
                base.timeout,
            ),
            returns_answer=bool(self._answer.currentData()),
        )
        if len(faults.rows) > before:
            return request
        self._wanted = forward
        return replace(request, forward=forward)

    def summary(self, request: ListenRequest) -> str:
        if request.forward is None:
            return "off"
        return f"{request.forward.url}, unchecked" if request.forward.insecure else request.forward.url

    def show_vault(self, view: VaultView) -> None:
        """Offer the vault's clients."""
        self._view = view
        self._list()

    def _list(self) -> None:
        wanted = self._wanted.identity
        self._identity.clear()
        self._identity.addItem("No certificate", "")
        for choice in self._view.clients:
            self._identity.addItem(f"{choice.name}  ·  {choice.until}", choice.name)
        if self._identity.findData(wanted) < 0:
            self._identity.addItem(f"{wanted}  ·  no client in the vault", wanted)
        choose(self._identity, wanted)

    @Slot()
    def _switch(self) -> None:
        self._show_what_counts()
        self.say_edited()
        if self._on.isChecked() and not self._url.text():
            self._url.setFocus()

    @Slot()
    def _mark_unchecked(self) -> None:
        self.places["forward_unchecked"].show(self._on.isChecked() and bool(self._trust.currentData()))

    def _show_what_counts(self) -> None:
        for place, row in self.places.items():
            if place != "forward":
                row.show(self._on.isChecked())
        self._mark_unchecked()


def _url(text: str) -> str:
    from inspector.sender.target import parse_url

    if not text.strip():
        raise UsageError("Write where pushes are passed on to, or switch forwarding off.")
    return parse_url(text)
