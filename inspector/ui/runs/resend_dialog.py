"""How captured pushes are to be sent again: where to, as whom, how fast, how many. Imports PySide6 and its own room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from inspector.errors import UsageError
from inspector.ui.runs.order import Captured, RunOrder
from inspector.ui.runs.pace_form import Kind, PaceForm, Wanted
from inspector.ui.runs.target_choice import TargetChoice
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker
from inspector.workbench import SendRequest, Workbench

WIDTH = 744
_NOTE = (
    "Each is sent with the bytes that were captured. Refused handshakes are left out. How it goes is shown on the"
    " page of runs."
)


class ResendDialog(QDialog):
    """`ordered` carries the RunOrder. `what` says in words what is sent again, `captured` makes the source of what the
    fields say."""

    ordered = Signal(object)

    def __init__(
        self,
        what: str,
        captured: Callable[[Wanted], Captured],
        workbench: Workbench,
        worker: Worker,
        theme: Theme,
        composer_request: Callable[[], SendRequest],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("resend_dialog")
        self.setWindowTitle("Resend")
        self.setMinimumWidth(WIDTH)
        self._captured = captured
        title = QLabel(what, self)
        title.setProperty("role", "heading")
        title.setWordWrap(True)
        note = QLabel(_NOTE, self)
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        self.target = TargetChoice("resend", workbench, worker, theme, composer_request, self)
        self.pace = PaceForm("resend", self)
        self.pace.show_kind(Kind.CAPTURED)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setObjectName("resend_cancel")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.go = QPushButton("&Resend", self)
        self.go.setObjectName("resend_start")
        self.go.setAccessibleName("Resend")
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._order)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.go)
        layout = QVBoxLayout(self)
        # Its own least height would be the one for the least width, where everything wraps.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for part in (title, self.target, self.pace, note):
            layout.addWidget(part)
        layout.addStretch()
        layout.addLayout(buttons)
        self.target.refresh()
        self.pace.changed.connect(self._fit)
        self.target.changed.connect(self._fit)
        self.go.setFocus()
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """As high as what is asked for needs; that changes with it."""
        layout = self.layout()
        assert layout is not None
        height = layout.totalHeightForWidth(max(self.width(), WIDTH))
        self.setMinimumHeight(height)
        self.resize(self.width(), height)

    @Slot()
    def _order(self) -> None:
        try:
            request = self.target.request()
        except UsageError as error:
            self.target.show_error(error)
            self.target.take_focus()
            return
        wanted = self.pace.wanted
        order = RunOrder(self._captured(wanted), request, self.target.words, wanted.concurrency, wanted.keep)
        self.ordered.emit(order)
        self.accept()
