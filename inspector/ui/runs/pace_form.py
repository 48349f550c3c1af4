"""How many pushes, how fast, and what is kept of them: small fields in a row that goes on below where there is no room.
Imports PySide6 and the boxes; the sender's pace lazily."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from inspector.sender.run_record import SAMPLE_EVERY, Keep
from inspector.ui.answers.inputs import Choice, WholeBox
from inspector.ui.detail.flow_layout import FlowLayout
from inspector.ui.runs.boxes import NumberBox
from inspector.ui.runs.target_choice import LABEL_WIDTH
from inspector.ui.theme import CONTROL_HEIGHT

if TYPE_CHECKING:
    from inspector.sender.captured import Pace

MOST_PUSHES = 10_000_000
MOST_CONCURRENT = 256
FASTEST = 100_000.0
FIRST_COUNT, FIRST_RATE, FIRST_CONCURRENT = 1000, 100.0, 16


class Kind(StrEnum):
    """What is sent: something written, captured pushes, or a script."""

    WRITTEN = "written"
    CAPTURED = "captured"
    SCRIPT = "script"


class Speed(StrEnum):
    """As fast as it goes, at a rate, or with times of its own."""

    FAST = "fast"
    RATE = "rate"
    OWN = "own"


_PACES = {
    Kind.WRITTEN: ((Speed.FAST, "As fast as it goes"), (Speed.RATE, "At a rate")),
    Kind.CAPTURED: (
        (Speed.FAST, "As fast as it goes"),
        (Speed.RATE, "At a rate"),
        (Speed.OWN, "As they came"),
    ),
    Kind.SCRIPT: ((Speed.OWN, "As the script says"), (Speed.FAST, "As fast as it goes")),
}


_KEEPS = (
    (Keep.ALL, "All", "Each push of it comes into the history"),
    (Keep.SAMPLE, "A sample", f"Of {SAMPLE_EVERY} accepted ones one comes into the history; all others do"),
    (Keep.NONE, "None", "The history stays as it is"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the fields say. `count` is None for all there are; `rate` and `speed` hold where they are asked for."""

    count: int | None
    pace: Speed
    rate: float
    speed: float
    concurrency: int
    keep: Keep

    @property
    def wanted_rate(self) -> float | None:
        return self.rate if self.pace is Speed.RATE else None

    def captured_pace(self) -> Pace:
        """For captured pushes."""
        from inspector.sender.captured import Pace

        return Pace(self.wanted_rate, gaps=self.pace is Speed.OWN, speed=self.speed)


class PaceForm(QWidget):
    """`name` begins the names of its controls. What does not fit the kind of what is sent is hidden."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._kind = Kind.WRITTEN
        self._groups: dict[QWidget, QWidget] = {}
        self._paces: dict[Kind, str] = {}  # what was chosen for each
        self._labels: dict[QWidget, QLabel] = {}
        self.count = WholeBox(1, MOST_PUSHES, self)
        self.most = WholeBox(0, MOST_PUSHES, self)
        self.pace = Choice(self)
        self.rate = NumberBox(FIRST_RATE, FASTEST, " /s", self)
        self.speed = NumberBox(1.0, 10_000.0, " ×", self)
        self.concurrency = WholeBox(1, MOST_CONCURRENT, self)
        self.keep = Choice(self)
        self._flow = FlowLayout(self, spacing=8)
        self._set_up()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.show_kind(Kind.WRITTEN)

    def _set_up(self) -> None:
        self.count.setValue(FIRST_COUNT)
        self.count.setSingleStep(100)
        self.most.setSpecialValueText("all")
        self.most.setSingleStep(100)
        self.concurrency.setValue(FIRST_CONCURRENT)
        for keep, words, hint in _KEEPS:
            self.keep.addItem(words, keep.value)
            self.keep.setItemData(self.keep.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        self._add("count", "P&ushes", self.count, 88, "How many pushes to send")
        self._add("most", "At m&ost", self.most, 88, "Send no more than the first so many of them")
        self._add("pace", "&Pace", self.pace, 176, "When each push is sent")
        self._add(
            "rate",
            "Ra&te",
            self.rate,
            96,
            "So many a second, whatever became of those before. Latency counts from then.",
        )
        self._add("speed", "Spee&d", self.speed, 80, "2 sends twice as fast, 0.5 half as fast")
        self._add(
            "concurrency",
            "At a t&ime",
            self.concurrency,
            64,
            "So many connections, kept open. With 1, all come in their order.",
        )
        self._add("keep", "&Keep", self.keep, 96, "What of it comes into the history")
        for box in (self.count, self.most, self.rate, self.speed, self.concurrency):
            box.valueChanged.connect(self.changed)
        self.keep.currentIndexChanged.connect(self.changed)
        self.pace.currentIndexChanged.connect(self._show_fitting)

    def _add(self, name: str, words: str, field: QWidget, width: int, hint: str) -> None:
        group = QWidget(self)
        label = QLabel(words, group)
        label.setProperty("role", "muted")
        label.setBuddy(field)
        field.setObjectName(f"{self._name}_{name}")
        field.setAccessibleName(words.replace("&", ""))
        field.setToolTip(hint)
        field.setFixedWidth(width)
        self._labels[field] = label
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(field)
        group.setFixedHeight(CONTROL_HEIGHT)
        self._groups[field] = group
        self._flow.addWidget(group)

    def minimumSizeHint(self) -> QSize:
        """One line: more are asked for by the height for the width."""
        return QSize(self._flow.minimumSize().width(), CONTROL_HEIGHT)

    @property
    def wanted(self) -> Wanted:
        """What the fields say."""
        return Wanted(
            count=self.count.value() if self._kind is Kind.WRITTEN else (self.most.value() or None),
            pace=Speed(self.pace.currentData()),
            rate=self.rate.value(),
            speed=self.speed.value(),
            concurrency=self.concurrency.value(),
            keep=Keep(self.keep.currentData()),
        )

    def show_kind(self, kind: Kind) -> None:
        """Ask for what fits what is sent; each kind has its own pace."""
        if kind is self._kind and self.pace.count():
            return
        self._paces[self._kind] = self.pace.currentData()
        self._kind = kind
        self.pace.blockSignals(True)
        self.pace.clear()
        for speed, words in _PACES[kind]:
            self.pace.addItem(words, speed.value)
        self.pace.setCurrentIndex(max(0, self.pace.findData(self._paces.get(kind))))
        self.pace.blockSignals(False)
        self._show_fitting()

    @Slot()
    def _show_fitting(self) -> None:
        pace = self.pace.currentData()
        for field, shown in (
            (self.count, self._kind is Kind.WRITTEN),
            (self.most, self._kind is Kind.CAPTURED),
            (self.rate, pace == Speed.RATE.value),
            (self.speed, pace == Speed.OWN.value),
        ):
            self._groups[field].setVisible(shown)
        first = {Kind.WRITTEN: self.count, Kind.CAPTURED: self.most}.get(self._kind, self.pace)
        for labelled, label in self._labels.items():  # the first stands below the fields above
            label.setMinimumWidth(LABEL_WIDTH if labelled is first else 0)
        self._flow.invalidate()
        self.updateGeometry()
        self.changed.emit()

    def set_enabled(self, *, enabled: bool) -> None:
        """While a run goes on, its numbers stand as they are."""
        for group in self._groups.values():
            group.setEnabled(enabled)
