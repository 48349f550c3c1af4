"""Writing queries: a field with a value, a term turned round, terms put together. Pure; imports the language's parts.

What is written here is read by the parser as it was meant, whatever the value holds.
"""

from __future__ import annotations

from datetime import datetime

from inspector.errors import QueryError
from inspector.history.query import parse
from inspector.history.query_tokens import TokenKind, tokenize
from inspector.history.query_tree import AnyOf, Everything

_WILDCARDS = ("*", "…", "...")


def quoted(text: str) -> str:
    """A text as it stands, in quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def value_text(value: str) -> str:
    """A field's value as it is written: in quotes only where it must be."""
    if not value or any(wildcard in value for wildcard in _WILDCARDS) or ".." in value:
        return quoted(value)
    try:
        tokens = tokenize(f"x:{value}")
    except QueryError:
        return quoted(value)
    plain = [(token.kind, token.text, token.operator, token.quoted) for token in tokens]
    # A parenthesis at its end would be taken for one that closes a group when something is put around it.
    return value if plain == [(TokenKind.FIELD, value, "", False)] and "(" not in value else quoted(value)


def term(field: str, value: str) -> str:
    """`field:value`."""
    return f"{field}:{value_text(value)}"


def turned_round(written: str) -> str:
    """What leaves out what one term finds."""
    return written[1:] if written.startswith("-") else f"-{written}"


def grouped(text: str, now: datetime) -> str:
    """A query as it must be written beside others: in parentheses where `or` would reach beyond it. A text that is
    no query is given back as it is."""
    text = text.strip()
    try:
        root = parse(text, now=now).root
    except QueryError:
        return text
    return f"({text})" if isinstance(root, AnyOf) else text


def added(text: str, written: str, now: datetime) -> str:
    """A query that also asks for one more term. A text that is no query, or asks for nothing, gives way to it."""
    try:
        root = parse(text, now=now).root
    except QueryError:
        return written
    if isinstance(root, Everything):
        return written
    present = grouped(text, now)
    return present if f" {written} " in f" {present} " else f"{present} {written}"
