"""Which panes of the composer show: how the body is written, and how it is looked at. Imports PySide6, the icons and
the theme."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from inspector.ui import icons
from inspector.ui.theme import CONTROL_HEIGHT, Theme

FORM, TEXT = "form", "text"
PREVIEW, PROVIDER, RESOLVED = "preview", "provider", "resolved"
WRITE = (
    (FORM, "Form", "textbox", "The fields that the contract knows (Alt+1)", "Alt+1"),
    (TEXT, "JSON", "brackets-curly", "The body, byte for byte (Alt+2)", "Alt+2"),
)
LOOK = (
    (PREVIEW, "Preview", "device-mobile", "What the phone would show, roughly (Alt+3)", "Alt+3"),
    (PROVIDER, "Sent on", "cloud-arrow-up", "What a proxy would send to the provider (Alt+4)", "Alt+4"),
    (RESOLVED, "Resolved", "swap", "The body with its variables put in (Alt+5)", "Alt+5"),
)


class PaneBar(QWidget):
    """Buttons that stay down. At least one way to write is on; of the ways to look, one or none. `changed` comes after
    each change by hand."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons: dict[str, QToolButton] = {}
        self._icons: dict[str, str] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for place, group in enumerate((WRITE, LOOK)):
            if place:
                parting = QFrame(self)
                parting.setProperty("role", "upright")
                parting.setFixedHeight(16)
                row.addSpacing(4)
                row.addWidget(parting)
                row.addSpacing(4)
            for key, title, icon, tip, shortcut in group:
                row.addWidget(self._button(key, title, icon, tip, shortcut))
        theme.changed.connect(self._recolor)
        self._recolor()

    def _button(self, key: str, title: str, icon: str, tip: str, shortcut: str) -> QToolButton:
        button = self._buttons[key] = QToolButton(self)
        button.setObjectName(f"composer_pane_{key}")
        button.setAccessibleName(title)
        button.setToolTip(f"{title}: {tip[:1].lower()}{tip[1:]}")
        button.setShortcut(shortcut)
        button.setCheckable(True)
        button.setFixedSize(CONTROL_HEIGHT, CONTROL_HEIGHT)
        button.clicked.connect(self._click)
        self._icons[key] = icon
        return button

    def buttons(self) -> tuple[QToolButton, ...]:
        """The buttons in their order."""
        return tuple(self._buttons.values())

    def shows(self, key: str) -> bool:
        """Whether a pane is to show."""
        return self._buttons[key].isChecked()

    @property
    def look(self) -> str:
        """The way to look that is on; empty for none."""
        return next((key for key, *_ in LOOK if self.shows(key)), "")

    def choose(self, form: bool, text: bool, look: str) -> None:  # noqa: FBT001 - two of three panes
        """Show these, without telling."""
        self._buttons[FORM].setChecked(form)
        self._buttons[TEXT].setChecked(text or not form)
        for key, *_ in LOOK:
            self._buttons[key].setChecked(key == look)

    def restore(self, names: list[str]) -> None:
        """Show the panes whose buttons have these names, and tell."""
        on = {key for key, button in self._buttons.items() if button.objectName() in names}
        self.choose(FORM in on, TEXT in on, next((key for key, *_ in LOOK if key in on), ""))
        self.changed.emit()

    @Slot()
    def _click(self) -> None:
        clicked = self.sender()
        if not (self.shows(FORM) or self.shows(TEXT)):
            other = TEXT if clicked is self._buttons[FORM] else FORM
            self._buttons[other].setChecked(True)
        for key, *_ in LOOK:
            if clicked is self._buttons[key]:
                self.choose(self.shows(FORM), self.shows(TEXT), key if self.shows(key) else "")
        self.changed.emit()

    @Slot()
    def _recolor(self) -> None:
        for key, button in self._buttons.items():
            button.setIcon(icons.icon(self._icons[key], self._theme.colors.text))
