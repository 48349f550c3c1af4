"""What the sheet is made of: blocks of rows with a label, a control and room for what is wrong; fields for secrets.

Imports PySide6, the icons, the theme and the rows of the listener's settings.
"""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.sender.request import KEPT, SendRequest
from inspector.ui import icons
from inspector.ui.listener_settings.form import Faults, Row, set_text, wrapped
from inspector.ui.theme import CONTROL_HEIGHT, GRID, Theme

LABEL_WIDTH = 64
MARGIN = 12
# What is typed is judged when the typing pauses; half a fingerprint is no fault yet.
PAUSE_MILLISECONDS = 500
IN_VAULT = "kept in the vault"


class Block(QWidget):
    """Some rows about one thing. `edited` tells that somebody has changed something and has paused."""

    edited = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.places: dict[str, Row] = {}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self.say_edited)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self.build()

    @abstractmethod
    def build(self) -> None:
        """Make the rows."""

    @abstractmethod
    def fill(self, request: SendRequest) -> None:
        """Show what a request says."""

    @abstractmethod
    def taken(self, request: SendRequest, faults: Faults) -> SendRequest:
        """The request with what the fields say. What is wrong goes to `faults`."""

    def row(
        self, place: str, label: str, control: QWidget, *, focus: QWidget | None = None, wide: bool = False
    ) -> Row:
        """A new row; an empty `label` leaves its column free, or is not there at all where the row is `wide`."""
        line = self._grid.rowCount()
        focus = focus or control
        if isinstance(focus, QComboBox):
            self.keep_wheel_off(focus)
        tag: QLabel | None = None
        if label:
            tag = QLabel(label, self)
            tag.setBuddy(focus)
            tag.setMinimumHeight(CONTROL_HEIGHT)
            tag.setProperty("role", "muted")
            self._grid.addWidget(tag, line, 0, Qt.AlignmentFlag.AlignTop)
            if not focus.accessibleName():
                focus.setAccessibleName(label.replace("&", ""))
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, GRID)
        column.setSpacing(2)
        column.addWidget(control)
        fault = wrapped("", "bad", holder)
        fault.hide()
        column.addWidget(fault)
        self._grid.addWidget(holder, line, 0 if wide else 1, 1, 2 if wide else 1)
        made = self.places[place] = Row(tag, holder, focus, fault, None)
        return made

    def keep_wheel_off(self, combo: QComboBox) -> None:
        """Have the wheel scroll the sheet: it must not choose something else in passing."""
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def line_edit(self, name: str, words: str, placeholder: str = "") -> QLineEdit:
        """A field that tells of what is typed into it."""
        edit = QLineEdit(self)
        edit.setObjectName(f"composer_target_{name}")
        edit.setAccessibleName(words)
        edit.setPlaceholderText(placeholder)
        self.follow(edit)
        return edit

    def follow(self, edit: QLineEdit) -> None:
        """Tell of what is typed there."""
        edit.textEdited.connect(self._typed)
        edit.editingFinished.connect(self.say_edited)

    @Slot()
    def _typed(self) -> None:
        self._pause.start()

    @Slot()
    def say_edited(self) -> None:
        """To connect the controls to."""
        self._pause.stop()
        self.edited.emit()


class SecretField(QWidget):
    """A password that shows as dots until the eye is opened. `kept`: the vault has one, which counts while nothing is
    typed; to see that, `reveal_wanted` asks for `show_kept`."""

    reveal_wanted = Signal()

    def __init__(self, theme: Theme, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self.kept = False
        self.edit = QLineEdit(self)
        self.edit.setObjectName(f"composer_target_{name}")
        self.edit.setAccessibleName(words)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.eye = QToolButton(self)
        self.eye.setObjectName(f"composer_target_{name}_eye")
        self.eye.setCheckable(True)
        self.eye.setFixedSize(CONTROL_HEIGHT, CONTROL_HEIGHT)
        self.eye.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.eye.toggled.connect(self._look)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(GRID)
        self.line.addWidget(self.edit, 1)
        self.line.addWidget(self.eye)
        self.setFocusProxy(self.edit)
        theme.changed.connect(self._recolor)
        self._recolor()

    @property
    def value(self) -> str:
        """What is typed; `KEPT` where that is nothing and the vault has one."""
        return self.edit.text() or (KEPT if self.kept else "")

    def show_value(self, value: str, otherwise: str = "") -> None:
        """Show a secret, or that it is kept; `otherwise` stands where there is none. Always as dots."""
        self.kept = value == KEPT
        set_text(self.edit, "" if self.kept else value)
        self.edit.setPlaceholderText(IN_VAULT if self.kept else otherwise)
        self.eye.setChecked(False)

    def show_kept(self, secret: str) -> None:
        """Show what the vault has, while the eye is open and nothing was typed meanwhile."""
        if self.eye.isChecked() and not self.edit.text():
            self.edit.setText(secret)

    def show_openly(self, openly: bool) -> None:  # noqa: FBT001 - a plain setter
        """It is no secret, or is one: then it shows as dots until the eye is opened."""
        shown = openly or self.eye.isChecked()
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    @Slot(bool)
    def _look(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self._recolor()
        if shown and self.kept and not self.edit.text():
            self.reveal_wanted.emit()

    @Slot()
    def _recolor(self) -> None:
        shown = self.eye.isChecked()
        self.eye.setIcon(icons.icon("eye-slash" if shown else "eye", self._theme.colors.muted))
        words = f"{'Hide' if shown else 'Show'}: {self._words[:1].lower()}{self._words[1:]}"
        self.eye.setAccessibleName(words)
        self.eye.setToolTip("Hide it" if shown else "Show it")
