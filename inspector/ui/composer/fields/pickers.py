"""Pickers that change more than one value at once: the service, the alert's shape, the sound. Imports the form's words,
PySide6 and its own room."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSpacerItem, QWidget

from inspector.contract.characters import quote
from inspector.contract.form_model import FormField, FormReading, Shape
from inspector.contract.paths import Path
from inspector.contract.push import Service
from inspector.ui.answers.inputs import Choice
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.composer.fields.change import Change
from inspector.ui.composer.fields.row import LABEL_WIDTH, REMOVE_WIDTH
from inspector.ui.composer.fields.undo_keys import UndoKeys
from inspector.ui.theme import CONTROL_HEIGHT, GRID

_ALERT: Path = ("aps", "alert")
_SOUND: Path = ("aps", "sound")
_SERVICES = (
    (Service.APNS, "iOS", "1", "apn"),
    (Service.FCM, "FCM", "2", "gcm"),
    (Service.HUAWEI, "Huawei", "3", "huawei"),
)
_NOTHING = "None"


class Picker(QWidget):
    """A label and a choice. `changed` carries the Changes to make as one, `entered` comes before them."""

    changed = Signal(object)
    entered = Signal()

    def __init__(
        self, name: str, words: str, choices: tuple[str, ...], undo: UndoKeys, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        label = ElidedLabel(self)
        label.setText(words)
        label.setProperty("role", "muted")
        label.setFixedHeight(CONTROL_HEIGHT)
        self.combo = Choice(self)
        self.combo.setObjectName(f"composer_pick_{name}")
        self.combo.setAccessibleName(words)
        self.combo.addItems(list(choices))
        self.combo.setMinimumWidth(96)
        self.combo.activated.connect(self._picked)
        undo.watch(self.combo)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.addItem(QSpacerItem(REMOVE_WIDTH + GRID, 1), 0, 2)  # where rows have their button
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.combo, 0, 1)
        self.reading: FormReading | None = None

    def controls(self) -> list[QWidget]:
        """What takes keys, in the order of the Tab key."""
        return [self.combo]

    def show_reading(self, reading: FormReading) -> None:
        """Show what the body has."""
        self.reading = reading
        self.combo.setCurrentIndex(self._place(reading))

    def _place(self, reading: FormReading) -> int:
        raise NotImplementedError

    def _changes(self, place: int) -> tuple[Change, ...]:
        raise NotImplementedError

    @Slot(int)
    def _picked(self, place: int) -> None:
        if self.reading is not None and place != self._place(self.reading):
            self.entered.emit()
            self.changed.emit(self._changes(place))


class ServicePicker(Picker):
    """Sets `push-service` and `notificationType` together."""

    def __init__(self, undo: UndoKeys, parent: QWidget | None = None) -> None:
        super().__init__("service", "Service", tuple(label for _, label, _, _ in _SERVICES), undo, parent)
        self.combo.setPlaceholderText("Not named")
        self.combo.setToolTip("Sets push-service and notificationType; the other fields stay as they are")

    def _place(self, reading: FormReading) -> int:
        return next((place for place, one in enumerate(_SERVICES) if one[0] is reading.named), -1)

    def _changes(self, place: int) -> tuple[Change, ...]:
        _, _, number, name = _SERVICES[place]
        return (Change(("push-service",), literal=number), Change(("notificationType",), text=name))


class AlertPicker(Picker):
    """Turns `aps.alert` from a text into an object and back."""

    def __init__(self, undo: UndoKeys, parent: QWidget | None = None) -> None:
        super().__init__("alert", "Alert", (_NOTHING, "Text", "Title, body"), undo, parent)
        self.combo.setPlaceholderText("Odd")

    def _place(self, reading: FormReading) -> int:
        return {Shape.ABSENT: 0, Shape.TEXT: 1, Shape.OBJECT: 2}.get(reading.alert, -1)

    def _changes(self, place: int) -> tuple[Change, ...]:
        fields = _by_path(self.reading)
        if place == 0:
            return (Change(_ALERT),)
        if place == 1:
            body, title = (_literal(fields, (*_ALERT, key)) for key in ("body", "title"))
            return (Change(_ALERT, literal=body or title or '""'),)
        body = _literal(fields, _ALERT) or '""'
        return (Change(_ALERT, literal=f'{{"title": "", "body": {body}}}'),)


class SoundPicker(Picker):
    """Sets `aps.sound`: the default one, one of the app's, or a critical one with its volume."""

    def __init__(self, undo: UndoKeys, parent: QWidget | None = None) -> None:
        super().__init__("sound", "Sound", (_NOTHING, "Default", "Named", "Critical"), undo, parent)
        self.combo.setPlaceholderText("Odd")

    def _place(self, reading: FormReading) -> int:
        if reading.sound is Shape.TEXT:
            named = _by_path(reading).get(_SOUND)  # not there where another service has an aps
            return 1 if named is None or named.value == "default" else 2
        return {Shape.ABSENT: 0, Shape.OBJECT: 3}.get(reading.sound, -1)

    def _changes(self, place: int) -> tuple[Change, ...]:
        fields = _by_path(self.reading)
        if place == 0:
            return (Change(_SOUND),)
        if place == 1:
            return (Change(_SOUND, literal='"default"'),)
        name = _literal(fields, (*_SOUND, "name")) or _literal(fields, _SOUND)
        if place == 2:
            return (Change(_SOUND, literal=name if name not in ("", '"default"') else quote("chime.caf")),)
        return (
            Change(_SOUND, literal=f'{{"critical": 1, "name": {name or quote("default")}, "volume": 1.0}}'),
        )


def _by_path(reading: FormReading | None) -> dict[Path, FormField]:
    return {one.path: one for one in reading.fields} if reading is not None else {}


def _literal(fields: dict[Path, FormField], path: Path) -> str:
    """The string at a path as it is written; empty where there is none."""
    found = fields.get(path)
    return found.raw if found is not None and found.raw[:1] == '"' else ""
