"""Colours and fonts of the drawn phones, light and dark. These are the phones', not the window's, so they are not from
the theme. Imports PySide6."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QGuiApplication


@dataclass(frozen=True, slots=True)
class Looks:
    """One scheme of a phone, as `#rrggbb` or `#aarrggbb`."""

    sky: str
    middle: str
    ground: str
    glass: str
    rim: str
    card: str
    text: str
    soft: str
    on_sky: str
    icon_top: str = "#6a8df5"
    icon_bottom: str = "#4257d6"
    badge: str = "#e0342b"
    urgent: str = "#7a5cd6"


LIGHT = Looks(
    sky="#3f6fb0",
    middle="#6c7fc0",
    ground="#a08ab8",
    glass="#eef6f7fb",
    rim="#40ffffff",
    card="#fbfaff",
    text="#15161a",
    soft="#565964",
    on_sky="#ffffff",
)
DARK = Looks(
    sky="#0c1730",
    middle="#1c2145",
    ground="#35234a",
    glass="#ee26282f",
    rim="#22ffffff",
    card="#25262c",
    text="#f4f4f7",
    soft="#b3b5c0",
    on_sky="#f2f4fa",
    urgent="#b29cff",
)


def looks(*, dark: bool) -> Looks:
    """One of the two schemes."""
    return DARK if dark else LIGHT


def phone_font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The system's own font at a size; emoji and scripts come from whatever else is installed."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def color(text: str) -> QColor:
    """A colour from its text."""
    return QColor(text)
