"""Completion in the filter box: when to offer what, which keys choose, and what becomes of the line. Imports the
language's completion, the parts of the filter box and PySide6.

Nothing is put in unless somebody takes it: with Tab, with a click, or with Enter once an offer was moved to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from inspector.history.completion import (
    Completion,
    Offer,
    Part,
    Source,
    accept,
    complete_at,
    field_of,
)
from inspector.history.known_values import KNOWN_FIELDS, KnownValue
from inspector.history.query import local_now
from inspector.history.query_offers import own_offers
from inspector.history.query_writing import grouped
from inspector.ui.filter_box.edit import FilterEdit
from inspector.ui.filter_box.kept import KeptFilters
from inspector.ui.filter_box.offer_list import MOST_ROWS, OfferList
from inspector.ui.theme import Theme

FindValues = Callable[[str, str, Callable[[Sequence[KnownValue]], None]], None]
"""Finds the values of a field with what was typed of one, and hands them to a function in the UI thread."""

_PLAIN = Qt.KeyboardModifier.NoModifier
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: MOST_ROWS,
    Qt.Key.Key_PageUp: -MOST_ROWS,
}
_TAKING = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EQUALS = ("", "=", "==", "!=")
_LONGEST_TEXT = 1000


class Completing(QObject):
    """Offers for what is typed. `shown_or_hidden` tells that the list came or went."""

    shown_or_hidden = Signal()

    def __init__(self, edit: FilterEdit, kept: KeptFilters, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._edit = edit
        self._kept = kept
        self._find: FindValues | None = None
        self._at: Completion | None = None
        self._known: tuple[str, tuple[KnownValue, ...]] = ("", ())
        self._putting = False
        self.list = OfferList(theme, edit)
        self.list.picked.connect(self.take)
        self.list.left.connect(self.close)
        edit.give_keys_first(self._wants_key, self._takes_key)
        edit.textEdited.connect(self._typed)
        edit.textChanged.connect(self._changed)
        edit.cursorPositionChanged.connect(self._moved)
        edit.left.connect(self.close)

    def ask_with(self, find: FindValues) -> None:
        """Where the values of the history come from."""
        self._find = find

    @property
    def open(self) -> bool:
        """Whether offers are to be seen."""
        return self.list.isVisible()

    @Slot()
    def close(self) -> None:
        """Offer nothing more."""
        self._at = None
        if self.open:
            self.list.hide()
            self.shown_or_hidden.emit()

    def offer(self, *, forced: bool = False) -> None:
        """Offer what fits the place of the cursor; `forced` also where nothing was typed of it."""
        edit = self._edit
        if not edit.hasFocus() or edit.hasSelectedText() or len(edit.text()) > _LONGEST_TEXT:
            self.close()
            return
        at = complete_at(edit.text(), edit.cursor_place)
        if at.part is Part.NONE or (at.part is Part.NAME and not at.prefix and not forced):
            self.close()
            return
        self._at = at
        self._show(at)
        self._ask(at)

    @Slot(object)
    def take(self, offer: Offer) -> None:
        """Put an offer in."""
        at = self._at
        if at is None:
            return
        before = self._edit.text()
        result = accept(before, at, offer)
        middle = result.text[at.start : len(result.text) - (len(before) - at.end)]
        self._putting = True
        self._edit.replace(at.start, at.end, middle, result.cursor)
        self._putting = False
        self.close()
        if result.goes_on:
            self.offer()

    # what is offered

    def _show(self, at: Completion) -> None:
        offers = self._kept_offers(at) + self._all_offers(at)
        if not offers:
            self.close_list()
            return
        was_open = self.open
        self.list.show_offers(offers, self._edit, self._edit.place_of(at.start))
        if not was_open:
            self.shown_or_hidden.emit()

    def close_list(self) -> None:
        """Show no list, but go on where values are still to come."""
        at = self._at
        self.close()
        self._at = at

    def _kept_offers(self, at: Completion) -> list[Offer]:
        if at.part is not Part.NAME:
            return []
        text = self._edit.text()
        alone = not (text[: at.start] + text[at.end :]).strip()
        typed = at.prefix.casefold()
        found = [
            Offer(one.text if alone else grouped(one.text, local_now()), one.text, Source.SAVED, one.name)
            for one in self._kept.saved
            if one.name.casefold().startswith(typed)
        ]
        if alone and not typed:
            found += [Offer(one, "", Source.RECENT) for one in self._kept.recent]
        return found

    def _all_offers(self, at: Completion) -> list[Offer]:
        """The language's own words and the values that are known: for words of the language, these come first."""
        own = own_offers(at)
        words = {offer.text for offer in own}
        field, values = self._known
        typed = at.prefix.lower()
        known = [
            Offer(one.value, f"{one.count:,}×", Source.KNOWN)
            for one in values
            if field == field_of(at) and one.value not in words and typed in one.value.lower()
        ]
        if len(known) == 1 and known[0].text == at.prefix:
            known = []  # it is there already
        return [*known, *own] if field == "status" else [*own, *known]

    def _ask(self, at: Completion) -> None:
        field = field_of(at)
        if self._find is None or field not in KNOWN_FIELDS or at.operator not in _EQUALS:
            return

        def found(values: Sequence[KnownValue]) -> None:
            if self._at == at:
                self._known = (field, tuple(values))
                self._show(at)

        self._find(field, at.prefix, found)

    # what was typed

    @Slot()
    def _typed(self) -> None:
        if not self._putting:
            self.offer()

    @Slot()
    def _changed(self) -> None:
        if not self._edit.text():
            self.close()

    @Slot()
    def _moved(self) -> None:
        """The cursor went elsewhere: to another place of the same piece, or away from it."""
        if self._putting or self._at is None or not self.open:
            return
        at = complete_at(self._edit.text(), self._edit.cursor_place)
        if at == self._at:
            return
        if at.part is self._at.part and at.start == self._at.start:
            self.offer(forced=True)
        else:
            self.close()

    def _wants_key(self, event: QKeyEvent) -> bool:
        if _is_asking(event):
            return True
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == _PLAIN
        return self.open and plain and (event.key() in (*_STEPS, *_TAKING, Qt.Key.Key_Escape))

    def _takes_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if _is_asking(event) or (not self.open and key == Qt.Key.Key_Down and event.modifiers() in _DOWN):
            self.offer(forced=True)
            return True
        if not self._wants_key(event):
            return False
        if key in _STEPS:
            self.list.step(_STEPS[Qt.Key(key)])
            current = self.list.current
            self._edit.setAccessibleDescription(f"{current.shown} {current.hint}" if current else "")
            return True
        if key == Qt.Key.Key_Escape:
            self.close()
            return True
        chosen = self.list.current
        if chosen is None and key == Qt.Key.Key_Tab:
            chosen = self.list.offers[0]
        if chosen is None:
            self.close()
            return False  # Enter: filter by what was typed
        self.take(chosen)
        return True


_DOWN = (_PLAIN, Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.AltModifier)


def _is_asking(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier
