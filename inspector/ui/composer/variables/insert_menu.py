"""A menu of the variables, each put in where the cursor stands. Imports the contract's words and PySide6."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from inspector.ui.json_editor import JsonEditor

_OFFERS = (
    ("New UUID", "{{uuid}}"),
    ("The same UUID in the whole run", "{{uuid conversation}}"),
    ("The moment it is sent", "{{now}}"),
    ("Seconds since 1970", "{{now epoch}}"),
    ("In an hour, as seconds since 1970", "{{now epoch +1h}}"),
    ("Sequence, rising with each push", "{{seq}}"),
    ("Badge, rising with each push", "{{badge}}"),
    ("Random number", "{{random 1..100}}"),
    ("Random device token", "{{random hex 64}}"),
    ("Random word", "{{random word}}"),
    ("One of these", "{{random one of yes|no|maybe}}"),
)


class InsertMenu(QToolButton):
    """Writes into the editor; the names of the environment's values come last."""

    def __init__(self, editor: JsonEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setObjectName("composer_insert_variable")
        self.setText("I&nsert")
        self.setAccessibleName("Insert a variable")
        self.setToolTip("Put in a variable that is filled in as the push is sent")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        for words, text in _OFFERS:
            menu.addAction(f"{words}\t{text}").setData(text)
        self._parting = menu.addSeparator()
        self._own: list[QAction] = []
        menu.triggered.connect(self._insert)
        self.setMenu(menu)

    def offer_values(self, names: Iterable[str]) -> None:
        """The names of the values that the chosen environment has."""
        menu = self.menu()
        for action in self._own:
            menu.removeAction(action)
        self._own = []
        for name in names:
            action = menu.addAction(f"{name} of the environment\t{{{{env {name}}}}}")
            action.setData(f"{{{{env {name}}}}}")
            self._own.append(action)

    @Slot(QAction)
    def _insert(self, action: QAction) -> None:
        self._editor.textCursor().insertText(str(action.data()))
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
