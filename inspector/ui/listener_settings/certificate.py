"""The section for our own certificate: which identity of the vault clients are shown. Imports PySide6."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox

from inspector.listen_request import ListenRequest
from inspector.ui.listener_settings.form import Faults, Section, choose
from inspector.ui.listener_settings.vault_view import IdentityChoice, VaultView

_WARN_DAYS = 30


class OurCertificate(Section):
    """An identity by its name, or the one that offers itself."""

    title = "Our certificate"
    fields = ("server_identity",)

    def build(self) -> None:
        self._view = VaultView()
        self._identity = QComboBox()
        self._identity.setObjectName("settings_identity")
        self._identity.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._identity.setMinimumContentsLength(12)
        self._identity.activated.connect(self._changed)
        self.row("identity", "Identity", self._identity, " ")
        self._wanted = ""

    def fill(self, request: ListenRequest) -> None:
        self._wanted = request.server_identity
        self._list()

    def taken(self, request: ListenRequest, _faults: Faults) -> ListenRequest:
        return replace(request, server_identity=self._wanted)

    def summary(self, request: ListenRequest) -> str:
        found = self._find(request.server_identity)
        if not request.server_identity:
            return f"automatic: {found.name}, {found.until}" if found else "automatic"
        return f"{found.name}, {found.until}" if found else f"{request.server_identity}, not in the vault"

    def show_vault(self, view: VaultView) -> None:
        """Offer the vault's servers."""
        self._view = view
        self._list()

    @Slot()
    def _changed(self) -> None:
        self._wanted = str(self._identity.currentData())
        self._tell()
        self.say_edited()

    def _find(self, name: str) -> IdentityChoice | None:
        name = name or self._view.automatic
        return next((choice for choice in self._view.servers if choice.name == name), None)

    def _list(self) -> None:
        self._identity.clear()
        automatic = self._view.automatic
        self._identity.addItem(f"Automatic ({automatic})" if automatic else "Automatic", "")
        for choice in self._view.servers:
            self._identity.addItem(f"{choice.name}  ·  {choice.until}", choice.name)
        if self._identity.findData(self._wanted) < 0:
            self._identity.addItem(f"{self._wanted}  ·  no server in the vault", self._wanted)
        choose(self._identity, self._wanted)
        self._tell()

    def _tell(self) -> None:
        found = self._find(self._wanted)
        row = self.places["identity"]
        if found is None:
            row.set_hint(
                "Several serve: choose one."
                if len(self._view.servers) > 1
                else "Made with the first start of listening, where the vault is empty."
            )
            return
        names = ", ".join(found.names[:4]) + (" …" if len(found.names) > 4 else "")
        soon = "Runs out soon: " if 0 <= found.days_left < _WARN_DAYS else ""
        row.set_hint(f"{soon}{found.until}, for {names or found.subject}")
        row.complain("It has expired: clients turn it down." if found.days_left < 0 else "")
