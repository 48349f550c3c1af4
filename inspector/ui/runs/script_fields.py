"""The main numbers of a script as fields. Imports PySide6, the boxes and the scripts."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from inspector.ui.answers.inputs import WholeBox
from inspector.ui.runs.boxes import SharesBox, ZeroBox
from inspector.ui.runs.scripts import SERVICES, NumberPath, ScriptFacts
from inspector.ui.theme import GRID

_MOST, _DAY = 500_000, 86_400.0
_FIELD_WIDTH = 96
_SERVICE_NAMES = {"apns": "iOS devices", "fcm": "FCM devices", "huawei": "Huawei devices"}
_FIELDS: tuple[tuple[NumberPath, str, str, str], ...] = (
    (("conversations",), "Conversations", "count", "How many there are"),
    (
        ("pushes",),
        "Messages each",
        "count",
        "Messages of each conversation; sequences and badges rise from 1",
    ),
    (
        ("devices_each",),
        "Devices each",
        "count",
        "How many devices a consumer has: each message goes to all of them",
    ),
    (("pause", "least"), "Pause from", "seconds", "Between the messages of a conversation, at random"),
    (("pause", "most"), "Pause to", "seconds", "Between the messages of a conversation, at random"),
    (("spread",), "Begin within", "seconds", "Conversations begin at random within this time"),
    (
        ("repeats", "share"),
        "Come again",
        "share",
        "This share of pushes comes again, as the pusher’s retries do",
    ),
    (("repeats", "attempts"), "Attempts", "attempts", "Attempts of such a push in all"),
    (("repeats", "interval"), "Retry after", "seconds", "Between two attempts"),
    (("out_of_order",), "Out of order", "share", "This share of pushes comes behind the one after it"),
    (("duplicates",), "Twice at once", "share", "This share of pushes comes twice at once"),
    (("seed",), "Seed", "seed", "The same seed makes the same exchange"),
)


class ScriptFields(QWidget):
    """`number_changed` carries the place of a number and its value, `devices_changed` a service and its devices."""

    number_changed = Signal(object, float)
    devices_changed = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(GRID)
        self._numbers: dict[NumberPath, WholeBox | ZeroBox] = {}
        self._devices: dict[str, WholeBox] = {}
        for service in SERVICES:
            box = WholeBox(0, _MOST, self)
            self._devices[service] = box
            self._add(_SERVICE_NAMES[service], box, f"script_devices_{service}", "How many there are in all")
            box.valueChanged.connect(lambda count, service=service: self.devices_changed.emit(service, count))
        for path, words, kind, hint in _FIELDS:
            number = _box(kind, self)
            self._numbers[path] = number
            self._add(words, number, f"script_{'_'.join(path)}", hint)
            number.valueChanged.connect(lambda value, path=path: self.number_changed.emit(path, float(value)))
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def _add(self, words: str, field: QWidget, name: str, hint: str) -> None:
        row = self._grid.rowCount()
        label = QLabel(words, self)
        label.setProperty("role", "muted")
        label.setBuddy(field)
        field.setObjectName(name)
        field.setAccessibleName(words)
        field.setToolTip(hint)
        field.setFixedWidth(_FIELD_WIDTH)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignRight)

    def show_facts(self, facts: ScriptFacts) -> None:
        """Show a script's numbers; nothing is emitted, and a field that has its number is left alone."""
        self.setEnabled(True)
        for service, count in facts.devices.items():
            with QSignalBlocker(self._devices[service]):
                self._devices[service].show_value(count)
        for path, value in facts.numbers.items():
            box = self._numbers[path]
            with QSignalBlocker(box):
                if isinstance(box, ZeroBox):
                    box.show_value(value)
                else:
                    box.show_value(int(value))


def _box(kind: str, parent: QWidget) -> WholeBox | ZeroBox:
    if kind == "seconds":
        return ZeroBox(_DAY, " s", parent)
    if kind == "share":
        return SharesBox(parent)
    least, most = {"attempts": (2, 100), "seed": (-(2**31), 2**31 - 1)}.get(kind, (1, _MOST))
    return WholeBox(least, most, parent)
