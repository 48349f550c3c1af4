"""What is asked for above the editor: template, target with its settings, identity. Imports PySide6 and its own
room."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.ui.advice import in_window
from inspector.ui.certificates.note import Note
from inspector.ui.composer.identity_combo import IdentityCombo
from inspector.ui.composer.library.button import LibraryButtons
from inspector.ui.composer.target_field import TargetField
from inspector.ui.composer.template_combo import TemplateCombo
from inspector.ui.target_settings.desk import SheetPlace, TargetDesk
from inspector.ui.target_settings.line import TargetButtons, TargetLine
from inspector.ui.target_settings.rows import LABEL_WIDTH, MARGIN
from inspector.ui.theme import GRID, Theme
from inspector.ui.worker import Worker
from inspector.workbench import SendRequest, Workbench


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
        self.library = LibraryButtons(theme, self)
        self.target = TargetField(self)
        self.target.setObjectName("composer_target")
        self.target_note = Note(theme, self)
        self.target_line = TargetLine(theme, self)
        self.buttons = TargetButtons(theme, self)
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
        self.sheet_place = SheetPlace(self)
        self._lay_out()
        self.settings = TargetDesk(self, workbench, worker, theme)
        self.target.judged.connect(self._show_target_error)
        self.identity.listed.connect(self._identities_listed)
        self.identity.failed.connect(self._vault_failed)
        self.identity.activated.connect(self._identity_picked)
        self._order_tabs()

    def _lay_out(self) -> None:
        upper, lower = self._grid(), self._grid()
        for grid, row, words, field in (
            (upper, 0, "&Template", self.template),
            (upper, 1, "Ta&rget", self.target),
            (lower, 0, "&Identity", self.identity),
        ):
            label = QLabel(words, self)
            label.setProperty("role", "muted")
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1, 1, 2 if field is self.identity else 1)
        upper.addWidget(self.library, 0, 2)
        upper.addWidget(self.buttons, 1, 2)
        upper.addWidget(self.target_note, 2, 1, 1, 2)
        upper.addWidget(self.target_line, 3, 1, 1, 2)
        lower.addWidget(self.identity_note, 1, 1, 1, 2)
        lower.addWidget(self.create_dev, 2, 1, Qt.AlignmentFlag.AlignLeft)
        sheet = QHBoxLayout(self.sheet_place)
        sheet.setContentsMargins(0, GRID, 0, GRID)
        self.sheet_place.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        column.addLayout(upper)
        column.addSpacing(GRID)
        column.addWidget(self.sheet_place)
        column.addLayout(lower)

    @staticmethod
    def _grid() -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(MARGIN, 0, MARGIN, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(GRID)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        return grid

    def stops(self) -> tuple[QWidget, ...]:
        """What the keyboard stops at, in order."""
        return (self.template, self.library.open, self.library.save, self.target, self.buttons.settings,
                self.buttons.check, self.sheet_place, self.identity, self.create_dev)  # fmt: skip

    def _order_tabs(self) -> None:
        for before, after in pairwise(self.stops()):
            QWidget.setTabOrder(before, after)

    def request(self) -> SendRequest:
        """Where to send, as whom and how. Raises UsageError where the address or a setting is not right; which of them
        is shown at its place."""
        return self.settings.request()

    def show_identity_error(self, error: InspectorError | None) -> None:
        """Show what is wrong with the identity or the vault, or that nothing is."""
        self.identity_note.say(error.message if error else "", in_window(error.next_step) if error else "")

    @Slot(object)
    def _show_target_error(self, error: InspectorError | None) -> None:
        self.target_note.say(error.message if error else "", in_window(error.next_step) if error else "")

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
