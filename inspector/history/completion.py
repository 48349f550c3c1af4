"""What may be completed where somebody types in a query, and what a chosen offer makes of the text. Pure; imports the
language's parts.

Only the piece under the cursor is ever replaced: what stands before and after it stays, character by character.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from inspector.errors import QueryError
from inspector.history.query_fields import find_field
from inspector.history.query_tokens import CLOSERS, FIELD_NAME, Token, TokenKind, next_token
from inspector.history.query_writing import quoted, value_text


class Part(Enum):
    """What is under the cursor."""

    NAME = "a word, or the name of a field"
    VALUE = "a field's value"
    NONE = "nothing that could be completed"


@dataclass(frozen=True, slots=True)
class Completion:
    """What a chosen offer replaces: the text from `start` to `end`.

    `prefix` is what was typed of it, up to the cursor and without an opening quote. `field` is the name as it was
    typed, `operator` what stands between it and its value.
    """

    start: int
    end: int
    prefix: str = ""
    part: Part = Part.NAME
    field: str = ""
    operator: str = ""
    quoted: bool = False


class Source(Enum):
    """Where an offer comes from."""

    FIELD = "field"
    WORD = "word"
    KNOWN = "known"
    SAVED = "saved"
    RECENT = "recent"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to choose. `text` is a field's name, a value as it is, or a whole query; `label` is shown."""

    text: str
    hint: str = ""
    source: Source = Source.WORD
    label: str = ""

    @property
    def shown(self) -> str:
        """What the list shows."""
        return self.label or self.text


@dataclass(frozen=True, slots=True)
class Accepted:
    """The text with an offer in it, and where the cursor goes. `goes_on`: a value is still to be typed."""

    text: str
    cursor: int
    goes_on: bool = False


def complete_at(text: str, cursor: int) -> Completion:
    """What is under the cursor of a text, whether the text can be read or not."""
    place = 0
    while True:
        while place < cursor and text[place].isspace():
            place += 1
        if place >= cursor:
            return Completion(cursor, cursor)
        try:
            token = next_token(text, place)
        except QueryError as error:
            found = _in_the_open(text, place, cursor)
            if found is not None:
                return found
            place = max(place + 1, error.end)
            continue
        if token.end >= cursor:
            return _inside(text, token, cursor)
        place = token.end


def accept(text: str, at: Completion, offer: Offer) -> Accepted:
    """Put an offer in the place of what it completes. What follows directly is kept apart by a space."""
    if offer.source is Source.FIELD:
        written = f"{offer.text}:"
    elif at.part is not Part.VALUE or (offer.source is Source.WORD and not at.quoted):
        written = offer.text  # a word of the language, or a whole query
    else:
        written = quoted(offer.text) if at.quoted else value_text(offer.text)
    before, after = text[: at.start], text[at.end :]
    goes_on = offer.source is Source.FIELD
    if goes_on and at.end > at.start and text[at.end - 1] == ":" and after[:1] and not after[0].isspace():
        return Accepted(f"{before}{written}{after}", at.start + len(written), goes_on=True)
    # A word or a quote right before would swallow what is put in.
    if before and not (before[-1].isspace() or before[-1] in "(-" or at.part is Part.VALUE):
        written = f" {written}"
    gap = "" if not after or after[0].isspace() or after[0] == ")" else " "
    return Accepted(f"{before}{written}{gap}{after}", len(before) + len(written), goes_on=goes_on)


def _inside(text: str, token: Token, cursor: int) -> Completion:
    """Within a piece that can be read, or right after it."""
    if token.kind is TokenKind.FIELD:
        colon = token.start + len(token.name)
        if cursor <= colon:
            return Completion(token.start, colon + 1, text[token.start : cursor])
        if cursor < token.value_start:
            return Completion(cursor, cursor, part=Part.NONE)
        first = token.value_start + int(token.quoted)
        after = text[token.end : token.end + 1]
        if token.quoted and cursor < token.end and after and not after.isspace() and after != ")":
            # The quote that closes it opens what comes next: this one is not closed yet.
            return Completion(
                token.value_start,
                max(cursor, token.value_start),
                text[first:cursor],
                Part.VALUE,
                token.name,
                token.operator,
                quoted=cursor >= first,
            )
        return Completion(
            token.value_start,
            token.end,
            text[first:cursor].removesuffix('"') if token.quoted else text[first:cursor],
            Part.VALUE,
            token.name,
            token.operator,
            token.quoted,
        )
    if token.kind is TokenKind.PHRASE:
        return Completion(cursor, cursor, part=Part.NONE)
    if token.kind in (TokenKind.OPEN, TokenKind.CLOSE) or token.text == "-":
        return Completion(cursor, cursor)
    return Completion(token.start, token.end, text[token.start : cursor])


def _in_the_open(text: str, place: int, cursor: int) -> Completion | None:
    """Where a piece can't be read: a field that waits for its value, an open quote, a lonely minus. None where the
    cursor is beyond it."""
    if text[place] == "-":
        return Completion(cursor, cursor) if cursor == place + 1 else None
    if text[place] in CLOSERS:
        return Completion(cursor, cursor, part=Part.NONE)
    match = FIELD_NAME.match(text, place)
    if match is None:  # not reached: nothing else is refused
        return None
    colon, first = match.end(1), match.end()
    if cursor <= colon:
        return Completion(place, colon + 1, text[place:cursor])
    opened = text[first : first + 1] in CLOSERS and text[first : first + 2] != '""'
    if cursor < first or (cursor > first and not opened):
        return Completion(cursor, cursor, part=Part.NONE) if cursor < first else None
    # An open quote reaches to the text's end; what stands after the cursor is left alone.
    prefix = text[first + 1 : cursor] if opened and cursor > first else ""
    return Completion(first, cursor, prefix, Part.VALUE, match[1], match[2] or "", opened and cursor > first)


def field_of(at: Completion) -> str:
    """The field whose value is typed, by its own name; empty where there is none."""
    field = find_field(at.field) if at.part is Part.VALUE else None
    return field.name if field is not None else ""
