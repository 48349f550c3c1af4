"""Where a run goes: as the composer says, to a saved target, or to another URL with its identity. Imports the targets,
the composer's fields and PySide6."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSizePolicy, QWidget

from inspector.errors import InspectorError, UsageError
from inspector.sender.kept.targets import SavedTarget
from inspector.sender.request import SendRequest, TrustKind
from inspector.ui.advice import in_window
from inspector.ui.answers.inputs import Choice
from inspector.ui.certificates.note import ElidedLabel, Note
from inspector.ui.composer.identity_combo import IdentityCombo
from inspector.ui.composer.target_field import TargetField
from inspector.ui.qt_text import menu_text
from inspector.ui.runs.target_words import where_words
from inspector.ui.theme import GRID, Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

LABEL_WIDTH = 52
_COMPOSER, _OTHER = "composer", "other"
COMBO_WIDTH = 216


class TargetChoice(QWidget):
    """`name` begins the names of its controls; `composer_request` tells what the composer's target is, and raises
    UsageError where that is none. `changed` says that another one is meant."""

    changed = Signal()

    def __init__(
        self,
        name: str,
        workbench: Workbench,
        worker: Worker,
        theme: Theme,
        composer_request: Callable[[], SendRequest],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._workbench = workbench
        self._worker = worker
        self._composer_request = composer_request
        self._saved: dict[str, SavedTarget] = {}
        self.which = Choice(self)
        self.which.setObjectName(f"{name}_target")
        self.which.setAccessibleName("Target")
        self.which.setToolTip("Where the pushes go, and as whom")
        self.which.setFixedWidth(COMBO_WIDTH)
        self.which.setMinimumContentsLength(12)
        self.which.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.where = ElidedLabel(self)
        self.where.setProperty("role", "muted")
        self.url = TargetField(self)
        self.url.setObjectName(f"{name}_url")
        self.identity = IdentityCombo(workbench, worker, self)
        self.identity.setObjectName(f"{name}_identity")
        self.checks = QCheckBox("Check their certi&ficate", self)
        self.checks.setObjectName(f"{name}_check_certificate")
        self.checks.setAccessibleName("Check their certificate")
        self.checks.setChecked(True)
        self.checks.setToolTip("Against the system's CAs and the vault's. Off, whoever answers is believed.")
        self.note = Note(theme, self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._lay_out()
        self._fill()
        self.which.currentIndexChanged.connect(self._show_which)
        self.url.judged.connect(self.show_error)
        self.url.editTextChanged.connect(self.changed)
        self.identity.failed.connect(self._vault_failed)
        self.identity.activated.connect(self._identity_picked)

    def _lay_out(self) -> None:
        label = QLabel("T&o", self)
        label.setProperty("role", "muted")
        label.setBuddy(self.which)
        as_whom = QLabel("&As", self)
        as_whom.setProperty("role", "muted")
        as_whom.setBuddy(self.identity)
        self.identity.setFixedWidth(COMBO_WIDTH)
        self._other = (self.url, as_whom, self.identity, self.checks)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(GRID)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(2, 1)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.which, 0, 1)
        grid.addWidget(self.where, 0, 2)
        grid.addWidget(self.url, 0, 2)
        grid.addWidget(as_whom, 1, 0)
        grid.addWidget(self.identity, 1, 1)
        grid.addWidget(self.checks, 1, 2)
        grid.addWidget(self.note, 2, 1, 1, 2)

    # what others ask

    def request(self) -> SendRequest:
        """What is meant. Raises UsageError with what to write."""
        key = self.which.currentData()
        if key == _COMPOSER:
            return self._composer_request()
        if key == _OTHER:
            trust = TrustKind.USUAL if self.checks.isChecked() else TrustKind.NOTHING
            return SendRequest(self.url.url(), identity=self.identity.name, trust=trust)
        return self._saved[key].request

    @property
    def words(self) -> str:
        """Where to and as whom, in words; what is wrong where that can't be told."""
        try:
            words = where_words(self.request())
        except UsageError as error:
            return error.message
        key = self.which.currentData()
        return words if key in (_COMPOSER, _OTHER) else f"{self._saved[key].name}: {words}"

    def refresh(self) -> None:
        """Read the saved targets and the identities again, and what the composer says."""
        self._worker.submit(f"{self._name} targets", self._workbench.targets, self._take, self._failed)
        self.identity.refresh()
        self.look_again()

    @Slot()
    def look_again(self) -> None:
        """The composer may say something else."""
        self._show_which()

    @Slot(object)
    def show_error(self, error: InspectorError | None) -> None:
        """Say what is wrong with the target, its identity or the vault; or that nothing is."""
        self.note.say(error.message if error else "", in_window(error.next_step) if error else "")
        if error is not None and self.where.text() == error.message:
            self.where.setText("")  # once is enough

    def take_focus(self) -> None:
        """Put the keyboard where something is to be mended."""
        (self.url if self.which.currentData() == _OTHER else self.which).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    # around

    def _take(self, targets: tuple[SavedTarget, ...]) -> None:
        saved = {one.id: one for one in targets}
        if saved != self._saved:
            self._saved = saved
            self._fill()
            self._show_which()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, InspectorError):
            self.show_error(error)

    def _fill(self) -> None:
        before = self.which.currentData()
        self.which.blockSignals(True)
        self.which.clear()
        self.which.addItem("The composer’s target", _COMPOSER)
        for one in self._saved.values():
            self.which.addItem(menu_text(one.name, 40).replace("&&", "&"), one.id)
            self.which.setItemData(
                self.which.count() - 1, where_words(one.request), Qt.ItemDataRole.ToolTipRole
            )
        self.which.addItem("Another…", _OTHER)
        self.which.setCurrentIndex(max(0, self.which.findData(before)))
        self.which.blockSignals(False)

    @Slot()
    def _show_which(self) -> None:
        key = self.which.currentData()
        for part in self._other:
            part.setVisible(key == _OTHER)
        self.where.setVisible(key != _OTHER)
        if key != _OTHER:
            try:
                self.where.setText(where_words(self.request()))
                self.show_error(None)
            except UsageError as error:
                said = not self.note.isHidden() and self.note.message.text() == error.message
                self.where.setText("" if said else error.message)
        self.changed.emit()

    @Slot(object)
    def _vault_failed(self, error: BaseException) -> None:
        self._failed(error)

    @Slot(int)
    def _identity_picked(self, _place: int) -> None:
        self.show_error(None)
        self.changed.emit()
