"""The query language of the filter box and of `history`: text in, a frozen tree out. Pure.

Words are searched everywhere, whatever their case; `"several words"` are searched as they stand; `field:value`
narrows (see `query_fields`). All must be met unless `or` stands between them; `not` or a minus before one turns it
round; parentheses group. Imports `inspector.errors` and the language's own parts.
"""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter

from inspector.errors import QueryError
from inspector.history.query_time import local_now
from inspector.history.query_tokens import Token, TokenKind, tokenize
from inspector.history.query_tree import AllOf, AnyOf, Everything, Node, Not, Query
from inspector.history.query_values import read_field, read_phrase, read_word

__all__ = ["MAX_CHARACTERS", "MAX_DEPTH", "MAX_LEVELS", "MAX_TERMS", "Query", "local_now", "parse"]

MAX_CHARACTERS = 5000
MAX_TERMS = 100
MAX_DEPTH = 50
# Of and, or and not in one another. SQLite reads a statement with room for a hundred things that have begun and not
# ended: enough for 21 levels of any terms.
MAX_LEVELS = 16


def parse(text: str, *, now: datetime) -> Query:
    """Read a query; an empty one matches everything.

    Times without a zone are in the zone of `now`, or in the machine's own where `now` has none (`local_now`).
    Raises QueryError with the place of what can't be understood.
    """
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"The filter is too long ({len(text):,} characters).",
            f"Use at most {MAX_CHARACTERS:,}.",
            start=MAX_CHARACTERS,
            end=len(text),
        )
    return Query(text, _Parser(tokenize(text), now).parse())


class _Parser:
    """Recursive descent: `or` binds least, then `and` (written or not), then `not`."""

    def __init__(self, tokens: list[Token], now: datetime) -> None:
        self._tokens = tokens
        self._now = now
        self._place = 0
        self._depth = 0
        self._innermost: tuple[int, Token] | None = None
        self._terms = 0

    def parse(self) -> Node:
        if not self._tokens:
            return Everything()
        node = self._any_of()
        if token := self._peek():
            raise _error(
                token,
                "This parenthesis closes nothing.",
                "Remove it, or write it in quotes to search for it.",
            )
        if self._innermost and _levels(node) > MAX_LEVELS:
            raise _too_deep(self._innermost[1], MAX_LEVELS)
        return node

    def _peek(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self, kind: TokenKind) -> Token | None:
        token = self._peek()
        if token is None or token.kind is not kind:
            return None
        self._place += 1
        return token

    def _any_of(self) -> Node:
        parts = [self._all_of(None)]
        while token := self._take(TokenKind.OR):
            parts.append(self._all_of(token))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all_of(self, before: Token | None) -> Node:
        parts = [self._operand(before)]
        while (token := self._peek()) and token.kind not in (TokenKind.OR, TokenKind.CLOSE):
            parts.append(self._operand(self._take(TokenKind.AND)))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _operand(self, before: Token | None) -> Node:
        """One term, with what turns it round. `before` is the `and`, `or` or `not` that wants it."""
        negative = False
        while token := self._take(TokenKind.NOT):
            negative = not negative
            before = token
        node = self._term(before)
        return Not(node) if negative else node

    def _term(self, before: Token | None) -> Node:
        token = self._peek()
        if token is None or token.kind in (TokenKind.AND, TokenKind.OR, TokenKind.CLOSE):
            raise self._missing(token, before)
        self._place += 1
        if token.kind is TokenKind.OPEN:
            return self._group(token)
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise _error(token, "The filter has too many parts.", f"Use at most {MAX_TERMS}.")
        if token.kind is TokenKind.FIELD:
            return read_field(token, self._now)
        return read_phrase(token) if token.kind is TokenKind.PHRASE else read_word(token)

    def _group(self, opening: Token) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _too_deep(opening, MAX_DEPTH)
        self._innermost = max(self._innermost or (0, opening), (self._depth, opening), key=itemgetter(0))
        token = self._peek()
        if token is not None and token.kind is TokenKind.CLOSE:
            raise QueryError(
                "The parentheses are empty.",
                "Write something between them, or write them in quotes to search for them.",
                start=opening.start,
                end=token.end,
            )
        if token is None:
            raise _unclosed(opening)
        node = self._any_of()
        if not self._take(TokenKind.CLOSE):
            raise _unclosed(opening)
        self._depth -= 1
        return node

    def _missing(self, token: Token | None, before: Token | None) -> QueryError:
        """The error for a place where a term should stand."""
        faulty = before or token
        assert faulty is not None  # nothing is asked for where nothing stands and nothing wants it
        if faulty.kind is TokenKind.CLOSE:
            return _error(
                faulty,
                "This parenthesis closes nothing.",
                "Remove it, or write it in quotes to search for it.",
            )
        sides = "something after it" if faulty.kind is TokenKind.NOT else "something on both sides"
        return _error(
            faulty,
            f"“{faulty.text}” needs {sides}.",
            f'Complete it, or write "{faulty.text}" in quotes to search for the word itself.',
        )


def _levels(node: Node) -> int:
    """How many and, or and not stand in one another."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return 1 + max(map(_levels, parts))
        case Not(part):
            return 1 + _levels(part)
    return 0


def _too_deep(opening: Token, most: int) -> QueryError:
    return _error(opening, "The parentheses are nested too deep.", f"Use at most {most} levels.")


def _unclosed(opening: Token) -> QueryError:
    return _error(
        opening, "The parenthesis is not closed.", "Add ) where the group ends, or write it in quotes."
    )


def _error(token: Token, message: str, next_step: str) -> QueryError:
    return QueryError(message, next_step, start=token.start, end=token.end)
