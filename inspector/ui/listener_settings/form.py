"""What the sections are made of: rows with a label, a control and room for what is wrong; and the fold around them.

Imports PySide6, the icons and the theme.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import UsageError
from inspector.listen_request import ListenRequest
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.theme import CONTROL_HEIGHT, Theme

LABEL_WIDTH = 116
MARGIN = 16
_Value = TypeVar("_Value")


class Row:
    """One setting: its label, its control, and what is wrong with it."""

    def __init__(
        self, label: QWidget | None, control: QWidget, focus: QWidget, fault: QLabel, hint: QLabel | None
    ) -> None:
        self.control = control
        self.focus = focus
        self._label = label
        self._fault = fault
        self._hint = hint
        self._shown = True

    @property
    def shown(self) -> bool:
        """Whether it has a meaning now."""
        return self._shown

    @property
    def fault(self) -> str:
        """What is wrong; empty where nothing is."""
        return self._fault.text()

    def complain(self, message: str) -> None:
        """Say what is wrong, at the control; an empty text takes it back."""
        self._fault.setText(message)
        self._fault.setVisible(bool(message) and self._shown)
        self.focus.setAccessibleDescription(message or (self._hint.text() if self._hint is not None else ""))
        set_property(self.focus, "state", "bad" if message else "")

    def show(self, shown: bool) -> None:  # noqa: FBT001 - a plain setter
        """Show the setting, or leave it out where it has no meaning."""
        self._shown = shown
        for part in (self._label, self.control, self._hint):
            if part is not None:
                part.setVisible(shown)
        self._fault.setVisible(shown and bool(self.fault))
        if not shown:
            self.complain("")

    def set_hint(self, text: str) -> None:
        """Other words below the control."""
        if self._hint is not None:
            self._hint.setText(text)


class Faults:
    """What was found wrong while the fields were read, in the order of the fields."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def read(self, row: Row, read: Callable[[], _Value], otherwise: _Value) -> _Value:
        """What a field says, or `otherwise` where it is not right yet, which is said at the field."""
        try:
            value = read()
        except UsageError as error:
            row.complain(f"{error.message} {error.next_step}".strip())
            self.rows.append(row)
            return otherwise
        row.complain("")
        return value


class Section(QWidget):
    """A fold of settings. `edited` tells that somebody has changed something; `opened` that it is unfolded.

    A section names the `fields` of the request that it is for: it is filled anew only where those have changed, so
    that what is being typed stays.
    """

    edited = Signal()
    opened = Signal()
    title = ""
    fields: tuple[str, ...] = ()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.places: dict[str, Row] = {}
        self.setObjectName(f"settings_{type(self).__name__.lower()}")
        self._last: tuple[object, ...] | None = None
        self._filling = False
        self.header = _Header(theme, self.title, self)
        self.header.toggled.connect(self._unfold)
        self._body = QWidget(self)
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(MARGIN, 4, MARGIN, 4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._body)
        self._body.hide()
        self.build()

    # for the sections

    @abstractmethod
    def build(self) -> None:
        """Make the rows."""

    @abstractmethod
    def fill(self, request: ListenRequest) -> None:
        """Show what a request says."""

    @abstractmethod
    def taken(self, request: ListenRequest, faults: Faults) -> ListenRequest:
        """The request with what the fields say. What is wrong goes to `faults`."""

    @abstractmethod
    def summary(self, request: ListenRequest) -> str:
        """The section in a few words, for when it is folded."""

    def row(
        self, place: str, label: str, control: QWidget, hint: str = "", *, focus: QWidget | None = None
    ) -> Row:
        """A new row; an empty `label` leaves its column free."""
        line = self._grid.rowCount()
        focus = focus or control
        if isinstance(focus, QComboBox):
            focus.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            focus.installEventFilter(self)
        tag: QLabel | None = None
        if label:
            tag = QLabel(label, self._body)
            tag.setBuddy(focus)
            tag.setMinimumHeight(CONTROL_HEIGHT)
            tag.setProperty("role", "muted")
            self._grid.addWidget(tag, line, 0, Qt.AlignmentFlag.AlignTop)
            if not focus.accessibleName():
                focus.setAccessibleName(label)
        holder = _Spaced(control, self._body)
        self._grid.addWidget(holder, line, 1)
        fault = wrapped("", "bad", self._body)
        fault.setContentsMargins(0, 2, 0, 0)
        fault.hide()
        holder.below.addWidget(fault)
        below: QLabel | None = None
        if hint:
            below = wrapped(hint, "muted", self._body)
            below.setContentsMargins(0, 2, 0, 0)
            holder.below.addWidget(below)
            focus.setAccessibleDescription(hint)
        made = self.places[place] = Row(tag, holder, focus, fault, below)
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The wheel scrolls the sheet; it must not choose something else in passing.
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def say_edited(self) -> None:
        """To connect the controls to."""
        if not self._filling:
            self.edited.emit()

    # for the sheet

    def show_request(self, request: ListenRequest) -> None:
        """Show a request, as far as it is another one for this section."""
        values = tuple(getattr(request, name) for name in self.fields)
        if values != self._last:
            self._last = values
            self._filling = True
            try:
                self.fill(request)
            finally:
                self._filling = False
        self.header.set_summary(self.summary(request))

    def show_again(self, request: ListenRequest) -> None:
        """Show a request in the place of what was typed."""
        self._last = None
        self.show_request(request)

    def set_open(self, opened: bool) -> None:  # noqa: FBT001 - a plain setter
        """Fold, or unfold."""
        self.header.setChecked(opened)

    @Slot(bool)
    def _unfold(self, opened: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self._body.setVisible(opened)
        if opened:
            self.opened.emit()


class _Spaced(QWidget):
    """A control with what stands below it, and the room to the next row."""

    def __init__(self, control: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.below = QVBoxLayout(self)
        self.below.setContentsMargins(0, 0, 0, 8)
        self.below.setSpacing(0)
        self.below.addWidget(control)


class _Header(QPushButton):
    """The line that folds and unfolds a section; folded, it has the section in a few words."""

    def __init__(self, theme: Theme, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = title
        self.setProperty("kind", "fold")
        self.setCheckable(True)
        self.setFixedHeight(32)
        self._caret = QLabel(self)
        self._caret.setFixedSize(12, 12)
        name = QLabel(title, self)
        name.setProperty("role", "heading")
        self._summary = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self._summary.setProperty("role", "muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(MARGIN, 0, MARGIN, 0)
        line.setSpacing(8)
        line.addWidget(self._caret)
        line.addWidget(name)
        line.addSpacing(4)
        line.addWidget(self._summary, 1)
        for part in (self._caret, name, self._summary):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.toggled.connect(self._turn)
        theme.changed.connect(self._turn)
        self._turn()

    def sizeHint(self) -> QSize:
        return QSize(200, 32)

    def set_summary(self, text: str) -> None:
        """The section in a few words."""
        self._summary.setText(text)
        self._tell()

    @Slot()
    def _turn(self) -> None:
        opened = self.isChecked()
        name = "caret-down" if opened else "caret-right"
        self._caret.setPixmap(icons.pixmap(name, self._theme.colors.muted, 12))
        self._summary.setVisible(not opened)
        self._tell()

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._title}: {self._summary.text()}")
        self.setToolTip("" if self.isChecked() else self._summary.toolTip())


def wrapped(text: str, role: str, parent: QWidget | None = None) -> QLabel:
    """Plain text over several lines."""
    label = QLabel(text, parent)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return label


def in_line(*parts: QWidget, stretch: int = -1) -> QWidget:
    """Controls beside one another; the one at `stretch` takes the room."""
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    for place, part in enumerate(parts):
        line.addWidget(part, 1 if place == stretch else 0)
    if stretch < 0:
        line.addStretch()
    return holder


def number(unit: str, name: str, section: Section, width: int = 96) -> tuple[QWidget, QLineEdit]:
    """A field for a number with its unit."""
    edit = QLineEdit()
    edit.setObjectName(name)
    edit.setFixedWidth(width)
    edit.setAlignment(Qt.AlignmentFlag.AlignRight)
    edit.editingFinished.connect(section.say_edited)
    after = QLabel(unit)
    after.setProperty("role", "muted")
    return in_line(edit, after), edit


def set_text(edit: QLineEdit, text: str) -> None:
    """Show a text, leaving the cursor alone where it is there already."""
    if edit.text() != text:
        edit.setText(text)
        edit.setCursorPosition(0)


def choose(combo: QComboBox, key: object) -> None:
    """Choose the entry with these data, where there is one."""
    place = combo.findData(key)
    if place >= 0:
        combo.setCurrentIndex(place)


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet looks at."""
    if (widget.property(name) or "") != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
