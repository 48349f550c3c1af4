"""How what differs looks: a sign, an ink, a wash; the same in the tree, the lines and the facts. Imports the theme."""

from __future__ import annotations

from PySide6.QtGui import QColor

from inspector.contract.difference import Change
from inspector.ui.theme import Colors

SIGNS = {Change.SAME: "", Change.ADDED: "+", Change.REMOVED: "−", Change.CHANGED: "~"}
WORDS = {Change.SAME: "same", Change.ADDED: "added", Change.REMOVED: "removed", Change.CHANGED: "changed"}
_WASH, _STRONG = 0.10, 0.28


def ink(colors: Colors, change: Change) -> QColor:
    """The colour of the sign."""
    tone = {Change.ADDED: colors.green, Change.REMOVED: colors.red, Change.CHANGED: colors.amber}
    return QColor(tone.get(change, colors.text))


def wash(colors: Colors, change: Change, *, strong: bool = False) -> QColor | None:
    """What is behind it, None for what is the same; `strong` for the very characters that changed."""
    if change is Change.SAME:
        return None
    over, under = ink(colors, change), QColor(colors.surface)
    share = _STRONG if strong else _WASH
    return QColor(
        round(over.red() * share + under.red() * (1 - share)),
        round(over.green() * share + under.green() * (1 - share)),
        round(over.blue() * share + under.blue() * (1 - share)),
    )
