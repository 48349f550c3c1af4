"""Whom to send as: the vault's identities that may serve as clients, or nobody.

Reads the vault in the worker's thread. Imports certificates, the workbench and PySide6.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from inspector.ui.worker import Worker
from inspector.workbench import DEV_CLIENT, Workbench

NOBODY = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One identity to choose: its name, and what is odd about it in a word (expired, …)."""

    name: str
    subject: str
    remark: str = ""


def client_choices(workbench: Workbench) -> tuple[Choice, ...]:
    """The identities with a key that may serve as clients, by name. Raises VaultError."""
    from inspector.certificates.describe import describe

    if not workbench.home.vault_file.exists():
        return ()
    choices = []
    for entry in workbench.vault.entries():
        if not entry.has_key:
            continue
        facts = describe(entry.leaf)
        if "client" in facts.purposes and not facts.is_ca:
            choices.append(Choice(entry.name, facts.subject, "expired" if facts.days_left < 0 else ""))
    return tuple(sorted(choices, key=lambda choice: choice.name))


class IdentityCombo(QComboBox):
    """`listed` tells how many identities there are to choose from, `failed` why the vault can't be read.

    A name that was chosen stays chosen though the vault does not have it (any more): a push must never go out without
    the certificate that was asked for just because a list has changed.
    """

    listed = Signal(int)
    failed = Signal(object)

    def __init__(self, workbench: Workbench, worker: Worker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._choices: tuple[Choice, ...] = ()
        self._known = False  # whether the vault was read
        self._chosen: str | None = None  # None until somebody has chosen
        self.setAccessibleName("Identity")
        self.setToolTip("The client certificate that is presented")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._pick)
        self._fill()

    @property
    def name(self) -> str:
        """The chosen identity's name, empty for none."""
        return str(self.currentData() or NOBODY)

    @property
    def chosen(self) -> str | None:
        """The name that somebody has chosen; None where it is the first one that serves."""
        return self._chosen

    def choose(self, name: str) -> None:
        """Choose an identity by name, also one that is yet to be listed; empty for none."""
        self._chosen = name
        self._fill()

    def refresh(self) -> None:
        """Read the vault again."""
        workbench = self._workbench
        self._worker.submit("composer identities", lambda: client_choices(workbench), self._take, self._fail)

    def _take(self, choices: tuple[Choice, ...]) -> None:
        self._choices = choices
        self._known = True
        self._fill()
        self.listed.emit(len(choices))

    def _fail(self, error: BaseException) -> None:
        self.failed.emit(error)

    def _pick(self, _place: int) -> None:
        self._chosen = self.name

    def _fill(self) -> None:
        wanted = self._first_choice() if self._chosen is None else self._chosen
        self.clear()
        self.addItem("No certificate", NOBODY)
        for choice in self._choices:
            self.addItem(f"{choice.name} ({choice.remark})" if choice.remark else choice.name, choice.name)
            self.setItemData(self.count() - 1, choice.subject, Qt.ItemDataRole.ToolTipRole)
        place = self.findData(wanted)
        if place < 0:
            self.addItem(f"{wanted} (not in the vault)" if self._known else wanted, wanted)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def _first_choice(self) -> str:
        names = [choice.name for choice in self._choices]
        if DEV_CLIENT in names or not names:
            return DEV_CLIENT if names else NOBODY
        return names[0]
