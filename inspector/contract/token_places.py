"""Finds device tokens in a text, be it JSON or something broken that once was. Pure; imports its own room."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from inspector.contract import scan
from inspector.contract.faults import JsonSyntaxError
from inspector.contract.outline import Node, outline

HIDDEN = "…"

Span = tuple[int, int, str]
"""Start and end (character offsets) of what is to be replaced, and by what."""

NAME_IN_TEXT = re.compile(r"device[-_\s.]*+token", re.IGNORECASE)

_QUOTED_NAME = re.compile(rf"""["'“”]{NAME_IN_TEXT.pattern}\\*+["'“”]""", re.IGNORECASE)
_MAX_NESTING = 8  # of JSON text in a string in JSON text, each level doubling its backslashes
# A token as nearly every push has it.
_USUAL = re.compile(r'"device-token"[ \t\r\n]*+:[ \t\r\n]*+("([^"\\\x00-\x1f]*+)")[ \t\r\n]*+[,}]')
_SEPARATORS = str.maketrans("", "", "-_. \t\r\n")
_STRING_PIECE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|[^\\]", re.DOTALL)

# In a text that is not JSON: what may stand between the name and its value, and what ends a value without quotes.
# The quote that opens the value is the first one after the colon (or what stands for it); without a colon, the second
# one after the name. What follows it belongs to the value, whatever it is.
_QUOTE = r"""(?: \\*+ ["'“”] | \\++u002[27] | %2[27] | &quot; )"""
_SPACE = r"(?: \s | %20 | \\++[nrt] )"
_COLON = r"(?: [:=>] | %3[ad] )"
# Runs of what is skipped are taken in one step each. Groups are atomic, `(?>…)`, where they could be possessive: before
# Python 3.11.5 a possessive group takes half of what its inside failed at.
_SPACES = r"(?: \s++ | %20 | \\++[nrt] )"
_BETWEEN = re.compile(
    rf"""(?: (?: {_QUOTE} | {_SPACE} | [-}}\]{{\[,|(\\] ){{0,8}} {_COLON}
           (?> (?: {_SPACES} | {_COLON} | [^\w"'“”{{\[<&;%\\]++ | (?! {_QUOTE} ) \\++ )* ) (?> {_QUOTE}? )
           | (?> {_QUOTE}? ) (?> (?: {_SPACES} | [-|(,]++ )* ) (?> {_QUOTE}? ) )""",
    re.IGNORECASE | re.VERBOSE,
)
_BARE_VALUE = re.compile(r"""[^"'“”,;&<\]}\s]*+""")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})")
# A quote closes a value only where what follows looks like it: a stray one may stand anywhere in a broken text.
_CLOSED = r"(?= \s*+ (?: [,}\])/>;] | \\++[nrt\"] | \Z ) )"
_CLOSING = {
    opener: re.compile(f"[{closers}] {_CLOSED}", re.VERBOSE)
    for opener, closers in (('"', '"'), ("'", "'"), ("“", "“”"), ("”", "”"))
}


def secret_spans(text: str, mask: Callable[[str], str], nesting: int = 0) -> list[Span]:
    """The places of all device tokens in `text`, in their order, each with a replacement that fits there."""
    if "\\" not in text and "%" not in text:
        if text.isascii() and text.lower().count("device") <= 1 and (usual := _USUAL.search(text)):
            # Without escapes there is no text in text, so this is a key and its value. It spares the whole reading.
            return [(*usual.span(1), json.dumps(mask(usual[2]), ensure_ascii=False))]
        if not NAME_IN_TEXT.search(text):
            return []
    try:
        root = outline(text)
    except JsonSyntaxError:
        return list(_loose_spans(text, mask))
    return [span for node in _leaves(root) for span in _node_spans(text, node, mask, nesting)]


def is_token_name(key: str) -> bool:
    """Whether a key names a device token, however it is spelled."""
    return key.casefold().translate(_SEPARATORS) == "devicetoken"


def _leaves(root: Node) -> Iterator[Node]:
    """The tokens' values (whole, whatever they are), and every other string."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.kind == scan.STRING or is_token_name(node.key):
            yield node
        else:
            waiting.extend(reversed(node.children))


def _node_spans(text: str, node: Node, mask: Callable[[str], str], nesting: int) -> Iterator[Span]:
    if is_token_name(node.key):
        literal = text[node.start : node.end]
        if literal != "null":
            value = scan.string_value(text, node.start, node.end) if node.kind == scan.STRING else ""
            yield node.start, node.end, json.dumps(mask(value), ensure_ascii=False)
        return
    inner = scan.string_value(text, node.start, node.end)
    if inner.lstrip()[:1] not in ("{", "[", '"') and not _QUOTED_NAME.search(inner):
        return  # a text that may mention a token, as people do
    if nesting == _MAX_NESTING:
        yield node.start, node.end, f'"{HIDDEN}"'
        return
    offsets: list[int] = []
    for start, end, replacement in secret_spans(inner, mask, nesting + 1):
        offsets = offsets or _offsets(text, node)
        yield offsets[start], offsets[end], json.dumps(replacement, ensure_ascii=False)[1:-1]


def _offsets(text: str, node: Node) -> list[int]:
    """Where each character of a string literal's value is written, and where the last one ends."""
    pieces = _STRING_PIECE.finditer(text, node.start + 1, node.end - 1)
    return [*(piece.start() for piece in pieces), node.end - 1]


def _loose_spans(text: str, mask: Callable[[str], str]) -> Iterator[Span]:
    view, offsets = _unescaped(text)
    done = 0
    for name in NAME_IN_TEXT.finditer(view):
        position = name.end() if offsets is None else offsets[name.end()]
        if position < done:
            continue
        start = _skip_between(text, position)
        end = _loose_end(text, start)
        if text[start:end] not in ("", "null"):
            yield start, end, mask(text[start:end])
            done = end


def _unescaped(text: str) -> tuple[str, list[int] | None]:
    """The text with its escapes read, so that a name is seen through them, and where each character was."""
    if "\\u" not in text and "%" not in text:
        return text, None
    view: list[str] = []
    offsets: list[int] = []
    position = 0
    for escape in _ESCAPE.finditer(text):
        view += (text[position : escape.start()], chr(int(escape[1] or escape[2], 16)))
        offsets.extend(range(position, escape.start() + 1))
        position = escape.end()
    view.append(text[position:])
    offsets.extend(range(position, len(text) + 1))
    return "".join(view), offsets


def _skip_between(text: str, position: int) -> int:
    found = _BETWEEN.match(text, position)
    return found.end() if found else position


def _loose_end(text: str, start: int) -> int:
    """Where the value that begins at `start` ends at the latest."""
    if closing := _CLOSING.get(text[start - 1]):
        level = _backslashes(text, start - 1)
        for quote in closing.finditer(text, start):
            before = _backslashes(text, quote.start())
            if before <= level:
                return quote.start() - before
        return len(text)
    if text[start : start + 1] in ("{", "["):
        return len(text)
    bare = _BARE_VALUE.match(text, start)
    return bare.end() if bare else start


def _backslashes(text: str, position: int) -> int:
    """How many stand before `position` in a row."""
    first = position
    while first and text[first - 1] == "\\":
        first -= 1
    return position - first
