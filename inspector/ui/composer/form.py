"""What is asked for above the editor: template, target, identity and trust. Imports PySide6 and its own room."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from inspector.errors import InspectorError
from inspector.ui.certificates.note import Note
from inspector.ui.composer.identity_combo import IdentityCombo
from inspector.ui.composer.target_field import TargetField
from inspector.ui.composer.template_combo import TemplateCombo
from inspector.ui.theme import GRID, Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

_LABEL_WIDTH = 64
_WIDE = 540


class ComposerForm(QWidget):
    """Labels on the left, fields on the right, an error right below its field. `create_dev_requested`: the vault has
    nobody to send as, and identities for development are wanted."""

    create_dev_requested = Signal()

    def __init__(
        self, workbench: Workbench, worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.template = TemplateCombo(self)
        self.template.setObjectName("composer_template")
        self.target = TargetField(self)
        self.target.setObjectName("composer_target")
        self.target_note = Note(theme, self)
        self.identity = IdentityCombo(workbench, worker, self)
        self.identity.setObjectName("composer_identity")
        self.identity_note = Note(theme, self)
        self.create_dev = QPushButton("Create dev identities", self)
        self.create_dev.setObjectName("composer_create_dev")
        self.create_dev.setProperty("kind", "link")
        self.create_dev.setCursor(Qt.CursorShape.PointingHandCursor)
        self.create_dev.setToolTip("Make dev-ca, dev-server and dev-client in the vault")
        self.create_dev.clicked.connect(self.create_dev_requested)
        self.create_dev.hide()
        self.checks = QCheckBox("&Check their certificate", self)
        self.checks.setObjectName("composer_check_certificate")
        self.checks.setChecked(True)
        self.checks.setToolTip("Against the system's CAs and the vault's. Off, whoever answers is believed.")
        self._unchecked = QLabel("Not checked", self)
        self._unchecked.setProperty("role", "bad")
        self._unchecked.setToolTip("Anyone could be answering: only for a proxy of your own.")
        self._unchecked.hide()
        self._lay_out()
        self.target.judged.connect(self._show_target_error)
        self.identity.listed.connect(self._identities_listed)
        self.identity.failed.connect(self._vault_failed)
        self.identity.activated.connect(self._identity_picked)
        self.checks.toggled.connect(self._checks_toggled)

    def _lay_out(self) -> None:
        self._trust = QWidget(self)
        trust = QHBoxLayout(self._trust)
        trust.setContentsMargins(0, 0, 0, 0)
        trust.setSpacing(8)
        trust.addWidget(self.checks)
        trust.addWidget(self._unchecked)
        trust.addStretch()
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(12, 0, 12, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(GRID)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        for row, (words, field) in enumerate(
            (("&Template", self.template), ("Ta&rget", self.target), ("&Identity", self.identity))
        ):
            label = QLabel(words, self)
            label.setProperty("role", "muted")
            label.setBuddy(field)
            grid.addWidget(label, 2 * row, 0)
            grid.addWidget(field, 2 * row, 1, 1, 2)
        grid.addWidget(self.target_note, 3, 1, 1, 2)
        grid.addWidget(self.identity_note, 5, 1, 1, 2)
        grid.addWidget(self.create_dev, 6, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._trust, 7, 1, 1, 2)
        self._wide = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, the trust is beside the identity and leaves the editor a line more."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        if wide != self._wide:
            self._wide = wide
            for part in (self.identity, self._trust):
                self._grid.removeWidget(part)
            self._grid.addWidget(self.identity, 4, 1, 1, 1 if wide else 2)
            self._grid.addWidget(self._trust, *((4, 2) if wide else (7, 1, 1, 2)))

    @property
    def insecure(self) -> bool:
        """Whether their certificate is taken unchecked."""
        return not self.checks.isChecked()

    def show_identity_error(self, error: InspectorError | None) -> None:
        """Show what is wrong with the identity or the vault, or that nothing is."""
        self.identity_note.say(error.message if error else "", error.next_step if error else "")

    @Slot(object)
    def _show_target_error(self, error: InspectorError | None) -> None:
        self.target_note.say(error.message if error else "", error.next_step if error else "")

    @Slot(int)
    def _identities_listed(self, count: int) -> None:
        self.create_dev.setVisible(count == 0)
        self.show_identity_error(None)

    @Slot(object)
    def _vault_failed(self, error: BaseException) -> None:
        if isinstance(error, InspectorError):
            self.show_identity_error(error)
        else:
            self.identity_note.say(f"The identities can't be listed: {error}", "The log has the details.")

    @Slot(int)
    def _identity_picked(self, _place: int) -> None:
        self.show_identity_error(None)

    @Slot(bool)
    def _checks_toggled(self, checked: bool) -> None:  # noqa: FBT001 - a slot of a check box
        self._unchecked.setVisible(not checked)
