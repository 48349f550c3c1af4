"""Fields for texts, UUIDs, tokens and numbers. Imports the contract, PySide6, icons and the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from inspector.contract.form_model import FormField, Kind
from inspector.contract.text import error_place
from inspector.contract.token_remark import token_remark
from inspector.contract.variable_places import is_variable
from inspector.ui import icons
from inspector.ui.composer.fields.change import Change, FieldInput
from inspector.ui.composer.fields.growing_text import GrowingText
from inspector.ui.composer.fields.new_uuid import new_uuid
from inspector.ui.theme import CONTROL_HEIGHT, GRID, Theme, fixed_font

BACKEND_SERVICES = ("ams", "prmsg", "c2m")


class TextInput(FieldInput):
    """A string of one line or several, with buttons beside it and a remark below where the kind has some."""

    def __init__(self, shown: FormField, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._path = shown.path
        self._icons: dict[QToolButton, str] = {}
        self._value = ""
        self._present = False
        self.edit = GrowingText(self, single=shown.kind is not Kind.TEXT)
        if shown.kind is not Kind.TEXT and shown.kind is not Kind.OFFER:
            self.edit.setFont(fixed_font())
        self.edit.typed.connect(self._typed)
        self.edit.entered.connect(self.entered)
        self._tools = QHBoxLayout()
        self._tools.setContentsMargins(0, 0, 0, 0)
        self._tools.setSpacing(GRID)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(self.edit, 0, 0)
        self._grid.addLayout(self._tools, 0, 1, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._recolor)

    def main(self) -> QWidget:
        return self.edit

    def show_field(self, shown: FormField) -> None:
        if shown.present == self._present and shown.value == self._value:
            return  # what is typed and can't be written stays
        self._present, self._value = shown.present, shown.value
        self.edit.setPlaceholderText("" if shown.present else "Not there: type to add it")
        self.edit.show_text(shown.value)
        self._remark()

    def buttons(self) -> list[QWidget]:
        return list(self._icons)

    def button(self, name: str, icon: str, words: str) -> QToolButton:
        """One more button at the end of the row."""
        button = QToolButton(self)
        button.setObjectName(f"composer_{name}_{self._path[-1]}")
        button.setAccessibleName(f"{words}, {self._path[-1]}")
        button.setToolTip(words)
        button.setFixedSize(CONTROL_HEIGHT, CONTROL_HEIGHT)
        self._icons[button] = icon
        self._tools.setContentsMargins(GRID, 0, 0, 0)
        self._tools.addWidget(button)
        self._recolor()
        return button

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._present, self._value = True, text
        self._remark()
        self.changed.emit(Change(self._path, text=text))

    def _remark(self) -> None:
        """Nothing is said of a text as such."""

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        for button, name in self._icons.items():
            button.setIcon(icons.icon(name, colors.muted, colors.border))


class LongInput(TextInput):
    """What is long and can't be broken well: it may stand below its key."""

    def set_below(self, spare: int) -> None:
        """Stand below the key, with the buttons beside that and `spare` pixels to the right of them; beside the key
        for 0."""
        self._grid.removeWidget(self.edit)
        if spare:
            self._grid.addWidget(self.edit, 1, 0, 1, 3)
        else:
            self._grid.addWidget(self.edit, 0, 0)
        self._grid.setColumnMinimumWidth(2, spare)
        self._grid.setRowMinimumHeight(0, CONTROL_HEIGHT if spare else 0)


class UuidInput(LongInput):
    """With a button for a new one."""

    def __init__(self, shown: FormField, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(shown, theme, parent)
        self.button("new_uuid", "dice-five", "A new UUID").clicked.connect(self._renew)

    @Slot()
    def _renew(self) -> None:
        self.entered.emit()
        self.edit.replace_text(new_uuid())


class TokenInput(LongInput):
    """With a line that says what it looks like."""

    def __init__(self, shown: FormField, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(shown, theme, parent)
        self.remark = QLabel(self)
        self.remark.setObjectName("composer_token_remark")
        self.remark.setProperty("role", "muted")
        self.remark.setTextFormat(Qt.TextFormat.PlainText)
        self.remark.setWordWrap(True)
        self._grid.addWidget(self.remark, 2, 0, 1, 3)
        self._remark()

    def _remark(self) -> None:
        self.remark.setText(token_remark(self.edit.text()) if self._present else "")
        self.remark.setVisible(self._present)


class OfferInput(TextInput):
    """With a menu of the usual texts."""

    def __init__(self, shown: FormField, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(shown, theme, parent)
        button = self.button("usual", "caret-down", "Usual values")
        menu = QMenu(button)
        menu.setObjectName("composer_usual_values")
        for value in BACKEND_SERVICES:
            menu.addAction(value)
        menu.triggered.connect(self._take)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    @Slot(QAction)
    def _take(self, action: QAction) -> None:
        self.entered.emit()
        self.edit.replace_text(action.text())


class RawInput(TextInput):
    """A value as it is written: numbers, variables, and whatever else was put where these belong."""

    def _typed(self, text: str) -> None:
        literal = text.strip()
        if is_variable(literal) or (literal[:1] not in ("", "{", "[") and error_place(literal) is None):
            self._present, self._value = True, literal
            self.faulty.emit("")
            self.changed.emit(Change(self._path, literal=literal))
            return
        kept = f"; the text keeps {self._value}" if self._present else ""
        self.faulty.emit(f"Type a number, a value of JSON or {{{{a variable}}}}{kept}.")

    def show_field(self, shown: FormField) -> None:
        if shown.present != self._present or shown.value != self._value:
            self.faulty.emit("")
        super().show_field(shown)


class NumberInput(RawInput):
    """With buttons for one less and one more, and the arrow keys for the same."""

    def __init__(self, shown: FormField, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(shown, theme, parent)
        self.less = self.button("less", "minus", "One less")
        self.more = self.button("more", "plus", "One more")
        self.less.clicked.connect(self._less)
        self.more.clicked.connect(self._more)

    @Slot()
    def _less(self) -> None:
        self._step(-1)

    @Slot()
    def _more(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        try:
            number = int(self.edit.text() or "0")
        except ValueError:
            self.faulty.emit("Only a whole number can be counted up and down.")
            return
        self.edit.replace_text(str(number + by))
