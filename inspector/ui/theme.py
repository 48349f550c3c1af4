"""Colours, fonts and the style sheet, light and dark, following the system. Imports PySide6 and resources.

A colour has one meaning everywhere; state colours never stand alone (a word or a shape goes with them). Text colours
keep a contrast of at least 4.5:1 on the surfaces they are used on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from string import Template

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from inspector import resources

GRID = 4
ROW_HEIGHT = 24
CONTROL_HEIGHT = 28


class Scheme(StrEnum):
    """What a person may choose; `system` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colors:
    """One scheme's colours, as `#rrggbb`."""

    window: str
    surface: str
    raised: str
    hover: str
    border: str
    strong_border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_hover: str
    selection: str
    selection_inactive: str
    green: str
    amber: str
    red: str
    red_wash: str
    chip: str
    json_key: str
    json_string: str
    json_number: str
    json_word: str


LIGHT = Colors(
    window="#f3f4f6",
    surface="#ffffff",
    raised="#fafbfc",
    hover="#eceef1",
    border="#dfe2e7",
    strong_border="#c3c8d0",
    text="#1b1f24",
    muted="#5a6470",
    accent="#2563d9",
    on_accent="#ffffff",
    accent_hover="#1d53bd",
    selection="#d7e5fc",
    selection_inactive="#e6e9ee",
    green="#1a7437",
    amber="#8a5d00",
    red="#c02430",
    red_wash="#fdf1f1",
    chip="#44505e",
    json_key="#1d4fa8",
    json_string="#1a6e3c",
    json_number="#8a4b08",
    json_word="#7b3fa0",
)

DARK = Colors(
    window="#17191d",
    surface="#1e2126",
    raised="#23272d",
    hover="#2b3037",
    border="#31363e",
    strong_border="#454c57",
    text="#e4e7eb",
    muted="#9aa3af",
    accent="#4c8dff",
    on_accent="#0b1220",
    accent_hover="#6ba1ff",
    selection="#213860",
    selection_inactive="#2e343d",
    green="#5cc97b",
    amber="#e2b04d",
    red="#ff8078",
    red_wash="#2b2023",
    chip="#c3cad3",
    json_key="#82b1ff",
    json_string="#7fd199",
    json_number="#f0b072",
    json_word="#d0a2f0",
)


class Theme(QObject):
    """The scheme in force. `changed` is emitted after palette and style sheet were applied.

    The style sheet is put on by `dress`, once the first window is built: every widget that is put into a layout
    while there is one is styled again with all that is in it.
    """

    changed = Signal()

    def __init__(self, application: QApplication, choice: Scheme = Scheme.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._dressed = False
        self.choice = choice
        self.colors = LIGHT
        application.setStyle("Fusion")
        font = application.font()
        if font.pixelSize() < 0 and QFontInfo(font).pixelSize() < 13:
            font.setPixelSize(13)
            application.setFont(font)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        self.choose(choice)

    @property
    def dark(self) -> bool:
        return self.colors is DARK

    def dress(self) -> None:
        """Put the style sheet on, now and with every change."""
        self._dressed = True
        self._put_sheet_on()

    def choose(self, choice: Scheme) -> None:
        """Follow the system, or stay light or dark."""
        self.choice = choice
        self._apply()

    @Slot()
    def _system_changed(self) -> None:
        if self.choice is Scheme.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        system_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = self.choice is Scheme.DARK or (self.choice is Scheme.SYSTEM and system_dark)
        self.colors = DARK if dark else LIGHT
        if self._dressed:
            fonts = self._own_fonts()
            self._application.setStyleSheet("")  # changing a sheet for another takes three times as long
            self._application.setPalette(palette(self.colors))
            self._put_sheet_on()
            for widget, font in fonts:
                if widget.font() != font:
                    widget.setFont(font)
        else:
            self._application.setPalette(palette(self.colors))
        self.changed.emit()

    def _own_fonts(self) -> list[tuple[QWidget, QFont]]:
        """The widgets that were given a font of their own: taking a sheet off takes that too, where it was given
        while there was one."""
        own = Qt.WidgetAttribute.WA_SetFont
        return [
            (widget, QFont(widget.font()))
            for widget in self._application.allWidgets()
            if widget.testAttribute(own)
        ]

    def _put_sheet_on(self) -> None:
        icons = resources.root() / "icons"
        sheet = Template(resources.read_text("styles/window.qss")).substitute(
            asdict(self.colors), icons=icons.as_posix(), mode="dark" if self.dark else "light"
        )
        self._application.setStyleSheet(sheet)


def palette(colors: Colors) -> QPalette:
    """The Qt palette of a scheme, for everything the style sheet does not reach."""
    result = QPalette()
    role = QPalette.ColorRole
    for target, value in (
        (role.Window, colors.window),
        (role.WindowText, colors.text),
        (role.Base, colors.surface),
        (role.AlternateBase, colors.raised),
        (role.Text, colors.text),
        (role.Button, colors.raised),
        (role.ButtonText, colors.text),
        (role.BrightText, colors.red),
        (role.Highlight, colors.selection),
        (role.HighlightedText, colors.text),
        (role.ToolTipBase, colors.raised),
        (role.ToolTipText, colors.text),
        (role.PlaceholderText, colors.muted),
        (role.Link, colors.accent),
        (role.Mid, colors.border),
        (role.Dark, colors.strong_border),
        (role.Light, colors.raised),
        (role.Accent, colors.accent),
    ):
        result.setColor(target, QColor(value))
    for target in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, target, QColor(colors.muted))
    return result


def fixed_font(size: int = 12) -> QFont:
    """The fixed-width font for payloads, tokens, ids and fingerprints; `size` in pixels."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(size)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font
