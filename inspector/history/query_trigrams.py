"""Which trigrams an event must hold to match a query, as an expression of SQLite's full-text search. Pure.

The expression finds every match and more: what it finds is judged by `query_sql`. Imports history's own parts.
"""

from __future__ import annotations

from inspector.history.folding import fold
from inspector.history.query_tree import AllOf, AnyOf, Contains, Node, Pattern, Words

LENGTH = 3
_MOST = 16  # of one text; more make a search slower than they make it narrower
# What the catalogue's text holds, by the names of the language.
_FIELDS = frozenset(
    {
        *(
            "text",
            "path",
            "url",
            "method",
            "reason",
            "detail",
            "brand",
            "conv",
            "dialog",
            "originator",
            "token",
        ),
        *("header", "body", "peer", "sni", "subject", "issuer"),
    }
)


def match_expression(node: Node) -> str | None:
    """The expression, None where a match needs no trigram at all."""
    match node:
        case Words(text):
            return _all_of(text)
        case Contains(field, text) if field in _FIELDS:
            return _all_of(text)
        case Pattern(field, parts) if field in _FIELDS:
            return _joined("AND", [found for part in parts if (found := _all_of(part))])
        case AllOf(nodes):
            return _joined("AND", [found for part in nodes if (found := match_expression(part))])
        case AnyOf(nodes):
            expressions = [match_expression(part) for part in nodes]
            if None in expressions:
                return None
            return _joined("OR", [found for found in expressions if found])
    return None


def _all_of(text: str) -> str | None:
    """All trigrams of a text, or some from its beginning to its end."""
    folded = fold(text)
    found = list(dict.fromkeys(folded[place : place + LENGTH] for place in range(len(folded) - LENGTH + 1)))
    if len(found) > _MOST:
        found = [found[place * (len(found) - 1) // (_MOST - 1)] for place in range(_MOST)]
    return _joined("AND", [_quoted(one) for one in found])


def _quoted(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'


def _joined(word: str, expressions: list[str]) -> str | None:
    if not expressions:
        return None
    return expressions[0] if len(expressions) == 1 else f"({f' {word} '.join(expressions)})"
