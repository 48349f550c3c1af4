"""What to say of a query while it is typed: good, bad, or not finished yet. Pure; imports the language's parts.

A text is unfinished where more, typed at the cursor, could still make it good: an open quote at its end, a field that
waits for its value, `or` that waits for what comes next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from inspector.errors import QueryError
from inspector.history.completion import Part, complete_at
from inspector.history.query import parse
from inspector.history.query_fields import Field, Takes, find_field
from inspector.history.query_tokens import Token, TokenKind
from inspector.history.query_tree import Query
from inspector.history.query_values import read_field, unknown_field

# What might be typed next, besides a field's value.
_TAILS = ("x", '"', 'x"', " x")
_ADDRESS = re.compile(r"(?:^|[\s(-])https?:/?$", re.IGNORECASE)
# Values whose rest might be typed next.
_EXAMPLES = {
    Takes.NUMBER: ("1", "-1", "1..9", "..9", "1…9"),
    Takes.STATUS: ("4xx", "1..9", "..9"),
    Takes.SIZE: ("1kib", "1mib", "1..9", "..9"),
    Takes.TIME: (
        *("2026-01-01T00:00:00.000001+00:00", "2026-01-01 00:00", "00:00:00.1", "0:00:00"),
        *("today", "yesterday", "now", "-1h", "-10m", "..9"),
    ),
}
_LONGEST = 500  # longer ones are judged without guessing what comes next


class State(Enum):
    """How far a query is."""

    EMPTY = "empty"
    GOOD = "good"
    UNFINISHED = "unfinished"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text is: with its query where it is good, with what is wrong where it is not."""

    state: State
    query: Query | None = None
    error: QueryError | None = None


def judge(text: str, now: datetime, cursor: int | None = None) -> Verdict:
    """Judge a text. `cursor` is where somebody is typing, None where nobody is: then nothing is unfinished."""
    if not text.strip():
        return Verdict(State.EMPTY)
    try:
        return Verdict(State.GOOD, parse(text, now=now))
    except QueryError as error:
        unfinished = cursor is not None and len(text) <= _LONGEST and _goes_on(text, cursor, error, now)
        return Verdict(State.UNFINISHED if unfinished else State.BAD, error=_said(text, error))


def _said(text: str, error: QueryError) -> QueryError:
    """A field without a value is one that there is, or that is what is wrong with it."""
    part = complete_at(text, error.end)
    if part.part is Part.VALUE and not part.prefix and part.field and find_field(part.field) is None:
        return unknown_field(Token(TokenKind.FIELD, "", error.start, error.end, part.field))
    return error


def _goes_on(text: str, cursor: int, error: QueryError, now: datetime) -> bool:
    """Whether something typed at the cursor could put right what is wrong."""
    if _ADDRESS.search(text[:cursor]):  # a colon with two slashes is none of a field's
        return not text[cursor:].strip()
    if cursor <= error.start or text[error.end : cursor].strip():
        return _closes(text, cursor, error, now)
    head, rest = text[:cursor], text[cursor : error.end]
    if _value_goes_on(text, cursor, now):
        return True
    return any(_is_good(f"{head}{tail}{rest}", now) for tail in _TAILS)


def _closes(text: str, cursor: int, error: QueryError, now: datetime) -> bool:
    """Whether all that is missing is a parenthesis, and the cursor is where it would be typed."""
    is_open = text[error.start : error.end] == "("
    return is_open and not text[cursor:].strip() and _is_good(text, now)


def _is_good(text: str, now: datetime) -> bool:
    """Whether it can be read, once its parentheses are closed."""
    for _ in range(text.count("(") + 1):
        try:
            parse(text, now=now)
        except QueryError as error:
            if text[error.start : error.end] != "(":
                return False
            text += ")"
        else:
            return True
    return False


def _value_goes_on(text: str, cursor: int, now: datetime) -> bool:
    part = complete_at(text, cursor)
    field = find_field(part.field)
    if part.part is not Part.VALUE or field is None or part.end > cursor:
        return False
    token = Token(TokenKind.FIELD, "", part.start, cursor, field.name, part.operator, value_start=part.start)
    return any(_reads(replace(token, text=value), now) for value in _longer(field, part.prefix))


def _longer(field: Field, typed: str) -> list[str]:
    """Values that begin with what was typed."""
    if field.choices:
        return [word for word, _ in field.choices if word.startswith(typed.lower())]
    before, dots, last = typed.rpartition("..")
    examples = (f"{before}{dots}{last}{example[len(last) :]}" for example in _EXAMPLES.get(field.takes, ()))
    return [*examples, f"{typed}m", f"{typed}9999999"]


def _reads(token: Token, now: datetime) -> bool:
    try:
        read_field(token, now)
    except QueryError:
        return False
    return True
