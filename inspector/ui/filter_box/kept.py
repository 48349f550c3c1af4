"""The filters that come back at the next start: those with a name, and the last ones used. Imports the language, the
settings and PySide6.

The settings are kept in clear, so a filter that holds a device token, a header or a piece of a body is not among them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from inspector.errors import QueryError, UsageError
from inspector.history.query import parse
from inspector.history.query_tree import AllOf, AnyOf, Contains, Node, Not, Pattern, Words
from inspector.ui.settings import Settings

MOST_RECENT = 10
MOST_SAVED = 200
LONGEST_NAME = 60
_SECRET_FIELDS = ("token", "header", "body")
_OPEN_FIELDS = ("text", "path", "url", "detail", "note")  # what is in them may be anything
# A long run of letters and digits may be a token; an id of a conversation is none.
_LIKE_A_TOKEN = re.compile(r"(?=[\w:-]*\d)[\w:-]{12,}")
_LIKE_AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_SAVED, _RECENT = "filters/saved", "filters/recent"


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """A filter with a name."""

    name: str
    text: str


class KeptFilters(QObject):
    """`changed` tells that another filter is kept, or one no more."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings: Settings | None = None
        self._saved: tuple[NamedFilter, ...] = ()
        self._recent: tuple[str, ...] = ()

    def keep_in(self, settings: Settings) -> None:
        """Read what is kept in the settings, and keep changes there."""
        self._settings = settings
        pairs, recent = _strings(settings.text(_SAVED), 2), _strings(settings.text(_RECENT), 1)
        self._saved = tuple(NamedFilter(name, text) for name, text in pairs)[:MOST_SAVED]
        self._recent = tuple(text for (text,) in recent)[:MOST_RECENT]
        self.changed.emit()

    @property
    def saved(self) -> tuple[NamedFilter, ...]:
        """The filters with a name, in alphabetical order."""
        return self._saved

    @property
    def recent(self) -> tuple[str, ...]:
        """The last ones used, the newest first."""
        return self._recent

    def named(self, name: str) -> NamedFilter | None:
        """The filter of this name, in any case."""
        return next((one for one in self._saved if one.name.casefold() == name.casefold()), None)

    def name_of(self, text: str) -> str:
        """The name of a filter with this text; empty where it has none."""
        return next((one.name for one in self._saved if one.text == text.strip()), "")

    def save(self, name: str, text: str, now: datetime) -> None:
        """Keep a filter, in the place of one of the same name. Raises UsageError for a name or filter that can't be
        kept."""
        name = checked_name(name)
        if may_hold_secret(text, now):
            raise UsageError(
                "This filter may hold a device token, and the settings are kept in clear.",
                "Save it without token:, header:, body: and long words with digits.",
            )
        others = [one for one in self._saved if one.name.casefold() != name.casefold()]
        if len(others) >= MOST_SAVED:
            raise UsageError("There are too many saved filters.", "Delete one first.")
        self._put([*others, NamedFilter(name, text.strip())])

    def rename(self, old: str, new: str) -> None:
        """Give a filter another name. Raises UsageError where that can't be, or another one has it."""
        new = checked_name(new)
        if new.casefold() != old.casefold() and self.named(new) is not None:
            raise UsageError(f"There is a filter “{new}” already.", "Choose another name.")
        self._put([replace(one, name=new) if one.name == old else one for one in self._saved])

    def delete(self, name: str) -> NamedFilter | None:
        """Forget a filter; it is given back for `put_back`."""
        found = self.named(name)
        self._put([one for one in self._saved if one != found])
        return found

    def put_back(self, deleted: NamedFilter) -> None:
        """Keep a filter again, unless there is one of its name by now."""
        if self.named(deleted.name) is None:
            self._put([*self._saved, deleted])

    def used(self, text: str, now: datetime) -> None:
        """A filter was used: it is the newest of the recent ones. Without a secret, and only if it has no name."""
        text = text.strip()
        if not text or self.name_of(text) or may_hold_secret(text, now) or self._recent[:1] == (text,):
            return
        self._recent = (text, *(one for one in self._recent if one != text))[:MOST_RECENT]
        if self._settings is not None:
            self._settings.put(_RECENT, json.dumps([[one] for one in self._recent]))
        self.changed.emit()

    def _put(self, saved: list[NamedFilter]) -> None:
        self._saved = tuple(sorted(saved, key=lambda one: (one.name.casefold(), one.name)))
        if self._settings is not None:
            self._settings.put(_SAVED, json.dumps([[one.name, one.text] for one in self._saved]))
        self.changed.emit()


def checked_name(name: str) -> str:
    """A name as it is kept. Raises UsageError for one that can't be."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError("That is no name for a filter.", f"Use 1 to {LONGEST_NAME} characters.")
    return name


def may_hold_secret(text: str, now: datetime) -> bool:
    """Whether a filter asks for what may be a secret. One that can't be read may ask for anything."""
    try:
        return _secret(parse(text, now=now).root)
    except QueryError:
        return True


def _secret(node: Node) -> bool:
    match node:
        case AllOf(parts) | AnyOf(parts):
            return any(map(_secret, parts))
        case Not(part):
            return _secret(part)
        case Words(text):
            return _looks_secret(text)
        case Contains(field, text):
            return field in _SECRET_FIELDS or (field in _OPEN_FIELDS and _looks_secret(text))
        case Pattern(field, parts):
            return field in _SECRET_FIELDS or (field in _OPEN_FIELDS and any(map(_looks_secret, parts)))
    return False


def _looks_secret(text: str) -> bool:
    return any(not _LIKE_AN_ID.fullmatch(found[0]) for found in _LIKE_A_TOKEN.finditer(text))


def _strings(text: str, length: int) -> list[list[str]]:
    """Lists of so many texts, as they were kept; what somebody else made of the file is left out."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    lists = found if isinstance(found, list) else []
    right = [entry for entry in lists if isinstance(entry, list) and len(entry) == length]
    return [entry for entry in right if all(isinstance(part, str) for part in entry)]
