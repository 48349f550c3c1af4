"""What a field asks for, and what it has in common with the others. Imports the form's words and PySide6."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from inspector.contract.form_model import FormField
from inspector.contract.paths import Path


@dataclass(frozen=True, slots=True)
class Change:
    """The value at `path` is to stand for `text`, or to be written as `literal`; with neither it is to go."""

    path: Path
    text: str | None = field(default=None, repr=False)
    literal: str | None = field(default=None, repr=False)


class FieldInput(QWidget):
    """The part of a row in which a value is edited. `changed` carries a Change, `entered` comes as a visit with the
    keyboard or the mouse begins, `faulty` carries words for what is typed but can't be written (or an empty text),
    `place_wanted` asks to be shown in the text."""

    changed = Signal(object)
    entered = Signal()
    faulty = Signal(str)
    place_wanted = Signal()

    def show_field(self, shown: FormField) -> None:
        """Show the value, leaving what is being typed alone where the text says the same."""
        raise NotImplementedError

    def main(self) -> QWidget:
        """The control that takes the keys."""
        raise NotImplementedError

    def buttons(self) -> list[QWidget]:
        """The controls beside that one, in their order."""
        return []
