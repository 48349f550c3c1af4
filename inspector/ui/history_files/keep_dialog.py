"""How much of the history is kept, and what that would let go of now. Imports the retention and PySide6."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.history.forgetting import Estimate
from inspector.history.retention import Retention
from inspector.retention_file import LARGEST
from inspector.ui.theme import Theme

WIDTH = 480
_TYPING_MILLISECONDS = 200
_FIELD_WIDTH = 112
_BOUNDS = (
    ("most_events", "Number", "events", "100,000", "Keep at most this many events"),
    ("most_days", "Age", "days", "30", "Keep what is at most this many days old"),
    ("most_megabytes", "Size", "MB", "1,000", "Keep what takes at most this many megabytes"),
)
_RULES = "The oldest go first, for good, while a window is open or “listen” runs. What is pinned or has a note stays."
_NO_NUMBER = "Write a number above zero, or untick that line."


class KeepDialog(QDialog):
    """Asks; `retention` tells the answer once it was accepted. `asked` carries a Retention of which `show_estimate` is
    to tell what it would let go of."""

    asked = Signal(object)

    def __init__(self, retention: Retention, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keep_dialog")
        self.setWindowTitle("How much of the history to keep")
        self.setMinimumWidth(WIDTH)
        self._theme = theme
        self.boxes: dict[str, QCheckBox] = {}
        self.edits: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(3, 1)
        for place, (name, words, unit, usual, tip) in enumerate(_BOUNDS):
            value = getattr(retention, name)
            box, edit = (
                QCheckBox(words, self),
                QLineEdit(_written(value) if value is not None else usual, self),
            )
            box.setObjectName(f"keep_{name}")
            box.setToolTip(tip)
            box.setChecked(value is not None)
            box.toggled.connect(self._changed)
            edit.setObjectName(f"keep_{name}_value")
            edit.setAccessibleName(f"{words}, at most, in {unit}")
            edit.setToolTip(tip)
            edit.setFixedWidth(_FIELD_WIDTH)
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            edit.textEdited.connect(self._typed)
            after = QLabel(unit, self)
            after.setProperty("role", "muted")
            for column, widget in enumerate((box, edit, after)):
                grid.addWidget(widget, place, column)
            self.boxes[name], self.edits[name] = box, edit
        heading = QLabel("Keep at most", self)
        heading.setProperty("role", "heading")
        rules = QLabel(_RULES, self)
        rules.setProperty("role", "muted")
        rules.setWordWrap(True)
        self.estimate = QLabel(self)
        self.estimate.setObjectName("keep_estimate")
        self.estimate.setTextFormat(Qt.TextFormat.PlainText)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.accept_button = QPushButton("Keep everything", self)
        self.accept_button.setObjectName("keep_accept")
        self.accept_button.setProperty("kind", "primary")
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addLayout(grid)
        layout.addWidget(rules)
        layout.addWidget(self.estimate)
        layout.addSpacing(4)
        layout.addLayout(buttons)
        self._ask = QTimer(self, singleShot=True, interval=_TYPING_MILLISECONDS)
        self._ask.timeout.connect(self._look)
        self._look()

    @property
    def retention(self) -> Retention | None:
        """What is asked for; None where a number can't be read."""
        values: dict[str, float | None] = {}
        for name, edit in self.edits.items():
            value = _read(edit.text(), whole=name == "most_events") if self.boxes[name].isChecked() else None
            if value is None and self.boxes[name].isChecked():
                return None
            values[name] = value
        events = values["most_events"]
        return Retention(
            None if events is None else round(events), values["most_days"], values["most_megabytes"]
        )

    def show_estimate(self, retention: Retention, estimate: Estimate) -> None:
        """What `retention` would let go of; nothing is shown where another one is asked for meanwhile."""
        if retention != self.retention or retention.off:
            return
        if estimate.gone:
            self._say(f"Would let go of about {estimate.gone:,} of {estimate.total:,} events now.", "warn")
        else:
            self._say(f"Would let go of none of the {estimate.total:,} events now.", "muted")

    @Slot()
    def _typed(self) -> None:
        """Who writes a number means that line."""
        for name, edit in self.edits.items():
            if edit is self.sender():
                self.boxes[name].setChecked(True)
        self._changed()

    @Slot()
    def _changed(self) -> None:
        self.accept_button.setEnabled(self.retention is not None)
        self._ask.start()

    @Slot()
    def _look(self) -> None:
        retention = self.retention
        for name, edit in self.edits.items():
            bad = self.boxes[name].isChecked() and _read(edit.text(), whole=name == "most_events") is None
            _mark(edit, "state", "bad" if bad else "")
        self.accept_button.setEnabled(retention is not None)
        self.accept_button.setText("Keep everything" if retention == Retention() else "Keep at most this")
        if retention is None:
            self._say(_NO_NUMBER, "bad")
        elif retention.off:
            self._say("Everything is kept.", "muted")
        else:
            self._say("Counting…", "muted")
            self.asked.emit(retention)

    def begin(self) -> None:
        """Ask for what stands there at first; call once `asked` is connected."""
        self._look()

    def _say(self, text: str, role: str) -> None:
        self.estimate.setText(text)
        _mark(self.estimate, "role", role)


def _mark(widget: QWidget, name: str, value: str) -> None:
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _written(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:g}"


def _read(text: str, *, whole: bool) -> float | None:
    """The number above zero that was written, thousands with commas or not; None where it is none."""
    try:
        value = float(int(text.replace(",", ""))) if whole else float(text.replace(",", ""))
    except ValueError:
        return None
    return value if 0 < value <= LARGEST else None
