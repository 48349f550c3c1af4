"""The terms of a query: what a word, a phrase or a field with its value means. Pure.

Imports `inspector.errors` and the language's own parts.
"""

from __future__ import annotations

import re
from datetime import datetime

from inspector.errors import QueryError
from inspector.history.query_fields import Field, Takes, find_field, near_names
from inspector.history.query_time import Span, read_time
from inspector.history.query_tokens import Token
from inspector.history.query_tree import Between, Contains, Everything, Has, Is, Node, Not, Pattern, Words

_LARGEST = 2**63 - 1
_WILDCARD = re.compile(r"\*+|…|\.\.\.")
_RANGE = re.compile(r"(.*?)(?:\.\.\.?|…)(.*)", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,30}")
_SIZE = re.compile(r"([0-9]{1,30})(?:(k|m)?(?:i?b)?)", re.IGNORECASE)
_STATUS_CLASS = re.compile(r"([1-9])xx", re.IGNORECASE)
_SIZE_UNITS = {"": 1, "k": 1024, "m": 1024 * 1024}
_SEVERITIES = ("error", "warning", "info")
_EXAMPLES = {
    Takes.NUMBER: "8, >=8 or 3..9",
    Takes.STATUS: "200, >=500, 400..499 or 4xx",
    Takes.SIZE: "4096, >4k or 1k..4k",
    Takes.TIME: "2026-01-31, 2026-01-31T10:00, 10:04, today, yesterday, -2h, -30m or -3d",
}


def read_word(token: Token) -> Node:
    """A bare word. A wildcard at its end says nothing that a search does not do anyway."""
    text = re.sub(r"(?:\*|…)+$", "", token.text)
    return Words(text) if text else Everything()


def read_phrase(token: Token) -> Node:
    """Words in quotes, searched as they stand."""
    if not token.text:
        raise _error(token, "The quotes are empty.", "Write what to search for between them.")
    return Words(token.text)


def read_field(token: Token, now: datetime) -> Node:
    """A field with its value. Raises QueryError for a field that does not exist, or a value that it can't take."""
    field = find_field(token.name)
    if field is None:
        raise unknown_field(token)
    if field.takes in (Takes.TEXT, Takes.NAME, Takes.PROBLEM):
        return _text(field, token)
    if field.takes in (Takes.CHOICE, Takes.STATE, Takes.PRESENCE):
        return _choice(field, token)
    if token.operator == "!=":
        return Not(_numbers(field, token, now))
    return _numbers(field, token, now)


def _text(field: Field, token: Token) -> Node:
    operator, value = token.operator, token.text
    if operator in ("<", ">", "<=", ">="):  # these compare numbers; in a text they are part of it
        operator, value = "", operator + value
    parts = (value,) if token.quoted else tuple(_WILDCARD.split(value))
    node: Node
    if not any(parts):
        node = Has(field.name)
    elif field.name == "body":  # a JSON text is hardly known whole, and stars in it are its own
        node = Contains(field.name, value)
    elif field.takes is Takes.PROBLEM and len(parts) == 1 and value.lower() in _SEVERITIES:
        node = Is("severity", value.lower())
    elif field.takes is Takes.TEXT and len(parts) == 1 and operator in ("", "!="):
        node = Contains(field.name, value)
    else:
        node = Pattern(field.name, tuple(_as_written(field, part) for part in parts))
    return Not(node) if operator == "!=" else node


def _as_written(field: Field, part: str) -> str:
    """The way it is stored: tables show codes with spaces, and other programs fingerprints with colons."""
    if field.name in ("reason", "problem"):
        return re.sub(r"[ -]", "_", part)
    return part.replace(":", "") if field.name == "fingerprint" else part


def _choice(field: Field, token: Token) -> Node:
    if token.operator not in ("", "=", "==", "!="):
        raise _error(
            token,
            f"{field.name}: can't be compared with {token.operator}",
            f"Write one of: {', '.join(field.words)}.",
        )
    if token.text == "*" and field.takes is Takes.CHOICE:
        return Everything()
    word = field.choice(token.text)
    if word is None:
        raise QueryError(
            f"{field.name}: does not know “{token.text}”.",
            f"Write one of: {', '.join(field.words)}.",
            start=token.value_start,
            end=token.end,
        )
    node: Node
    if field.takes is Takes.PRESENCE:
        node = Between("attempt", 2, None) if word == "retry" else Has(word)
    else:
        node = Is(field.name, word)
    return Not(node) if token.operator == "!=" else node


def _numbers(field: Field, token: Token, now: datetime) -> Node:
    """A number, comparison or range as one span of whole numbers."""
    if token.text == "*":
        return Everything() if field.takes is Takes.TIME else Has(field.name)
    operator = token.operator if token.operator not in ("==", "!=") else "="
    if field.name in ("after", "before"):
        if token.operator:
            raise _error(token, f"{field.name}: takes a time without {token.operator}", _example(field))
        span = _span(field, token, token.text, now)
        return (
            Between("at", span.start, None) if field.name == "after" else Between("at", None, span.start - 1)
        )
    if found := _RANGE.fullmatch(token.text):
        return _range(field, token, found[1], found[2], now)
    span = _span(field, token, token.text, now)
    last = span.start if span.is_instant else span.end - 1
    if operator == ">=" or (span.is_instant and operator == "" and field.takes is Takes.TIME):
        return Between(field.name, span.start, None)  # at:-2h is all that happened since
    if operator == ">":
        return _from(field.name, last + 1)
    if operator == "<=":
        return Between(field.name, None, last)
    if operator == "<":
        return Between(field.name, None, span.start - 1)
    return Between(field.name, span.start, last)


def _from(name: str, low: int) -> Node:
    return Between(name, min(low, _LARGEST), None) if low <= _LARGEST else Not(Everything())


def _range(field: Field, token: Token, first: str, last: str, now: datetime) -> Node:
    if token.operator not in ("", "=", "==", "!="):
        raise _error(token, f"{field.name}: takes a range or {token.operator}, not both.", _example(field))
    if not first and not last:
        raise _bad_value(field, token)
    low = _span(field, token, first, now).start if first else None
    high = None
    if last:
        span = _span(field, token, last, now)
        high = span.start if span.is_instant else span.end - 1
    if low is not None and high is not None and low > high:
        raise _error(
            token, f"The range {token.text} ends before it begins.", f"Write {field.name}:{last}..{first}"
        )
    return Between(field.name, low, high)


def _span(field: Field, token: Token, text: str, now: datetime) -> Span:
    """One value as a span; a number is a span of one."""
    try:
        span = read_time(text, now) if field.takes is Takes.TIME else _number(field, text)
    except (ValueError, OverflowError, OSError):
        raise _bad_value(field, token) from None
    if not -_LARGEST <= span.start <= _LARGEST:
        raise QueryError(
            f"{field.name}: is never as large as that.",
            f"Use at most {_LARGEST}.",
            start=token.value_start,
            end=token.end,
        )
    return span


def _number(field: Field, text: str) -> Span:
    if field.takes is Takes.SIZE and (size := _SIZE.fullmatch(text)):
        value = int(size[1]) * _SIZE_UNITS[(size[2] or "").lower()]
        return Span(value, value)
    if field.takes is Takes.STATUS and (group := _STATUS_CLASS.fullmatch(text)):
        return Span(int(group[1]) * 100, int(group[1]) * 100 + 100)
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return Span(int(text), int(text))


def _example(field: Field) -> str:
    return f"Write {field.name}: with {_EXAMPLES[field.takes]}."


def _bad_value(field: Field, token: Token) -> QueryError:
    what = "time" if field.takes is Takes.TIME else "number"
    return QueryError(
        f"{field.name}: can't read “{token.text}” as a {what}.",
        _example(field),
        start=token.value_start,
        end=token.end,
    )


def unknown_field(token: Token) -> QueryError:
    """What is said of a field that there is not."""
    near = near_names(token.name)
    hint = f"Did you mean {' or '.join(f'{name}:' for name in near)}? " if near else ""
    return QueryError(
        f"There is no field “{token.name}”.",
        f"{hint}To search for the text itself, write it in quotes.",
        start=token.start,
        end=token.start + len(token.name),
    )


def _error(token: Token, message: str, next_step: str) -> QueryError:
    return QueryError(message, next_step, start=token.start, end=token.end)
