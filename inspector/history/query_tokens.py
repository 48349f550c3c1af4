"""A query's text cut into words, phrases, fields, parentheses and the words between them. Pure.

Imports `inspector.errors`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from inspector.errors import QueryError


class TokenKind(Enum):
    """What a piece of a query is. `NOT` is also the minus."""

    WORD = "word"
    PHRASE = "phrase"
    FIELD = "field"
    OPEN = "("
    CLOSE = ")"
    AND = "and"
    OR = "or"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query, from `start` to `end` in its text.

    `text` is the word, the phrase without its quotes, or the field's value. `name` and `operator` (`>=`, `!=`, … or
    empty) are a field's; a `quoted` value is literal. `value_start` is where a field's value begins.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    name: str = ""
    operator: str = ""
    quoted: bool = False
    value_start: int = 0


# What closes a quote. People's keyboards turn straight quotes into curly ones.
CLOSERS = {'"': '"', "“": "”“", "”": "”", "„": "“”"}
FIELD_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):(?!//)(>=|<=|!=|==|[=<>])?")
_BETWEEN = {"and": TokenKind.AND, "or": TokenKind.OR, "not": TokenKind.NOT}
_SPACE = re.compile(r"\s+")
_QUOTED_ESCAPE = re.compile(r'\\(["\\])')


def tokenize(text: str) -> list[Token]:
    """The pieces of a query. Raises QueryError for an unclosed quote, an empty value, a minus with nothing after it."""
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        if space := _SPACE.match(text, place):
            place = space.end()
            continue
        token = next_token(text, place)
        tokens.append(token)
        place = token.end
    return tokens


def next_token(text: str, start: int) -> Token:
    """The piece that begins at `start`, where no space stands. Raises QueryError as `tokenize` does."""
    first = text[start]
    if first in "()":
        return Token(TokenKind.OPEN if first == "(" else TokenKind.CLOSE, first, start, start + 1)
    if first in CLOSERS:
        phrase, end = _quoted(text, start)
        return Token(TokenKind.PHRASE, phrase, start, end, quoted=True)
    if first == "-":
        after = text[start + 1 : start + 2]
        if not after or after.isspace() or after == ")":
            raise QueryError(
                "The minus has nothing to leave out.",
                'Write it right before a word or field (-is:handshake), or write "-" in quotes to search for it.',
                start=start,
                end=start + 1,
            )
        return Token(TokenKind.NOT, "-", start, start + 1)
    if field := FIELD_NAME.match(text, start):
        return _field(text, field)
    end = _run_end(text, start)
    word = text[start:end]
    return Token(_BETWEEN.get(word.lower(), TokenKind.WORD), word, start, end)


def _field(text: str, match: re.Match[str]) -> Token:
    start, place = match.start(), match.end()
    if text[place : place + 1] and text[place] in CLOSERS:
        value, end = _quoted(text, place)
        quoted = True
    else:
        end = _run_end(text, place)
        value, quoted = text[place:end], False
    name = match[1]
    if not value:
        raise QueryError(
            f"{name}: has no value.",
            f"Write one right after the colon, without a space, or -has:{name.lower()} for events that have none.",
            start=start,
            end=end,
        )
    return Token(TokenKind.FIELD, value, start, end, name, match[2] or "", quoted, place)


def _quoted(text: str, start: int) -> tuple[str, int]:
    closers = CLOSERS[text[start]]
    place = start + 1
    while place < len(text) and text[place] not in closers:
        place += 2 if text[place] == "\\" and text[place + 1 : place + 2] in ('"', "\\") else 1
    if place >= len(text):
        raise QueryError(
            "The quotes are not closed.",
            'Add " at the end of what belongs together; inside quotes, write \\" for the character itself.',
            start=start,
            end=len(text),
        )
    return _QUOTED_ESCAPE.sub(r"\1", text[start + 1 : place]), place + 1


def _run_end(text: str, start: int) -> int:
    """Where an unquoted word or value ends: at a space, a quote, or a parenthesis that it has not opened itself."""
    depth = 0
    for place in range(start, len(text)):
        letter = text[place]
        if letter.isspace() or letter in CLOSERS:
            return place
        if letter == "(":
            if text[start:place].lower() in _BETWEEN:
                return place
            depth += 1
        elif letter == ")":
            if depth == 0:
                return place
            depth -= 1
    return len(text)
