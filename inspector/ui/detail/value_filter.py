"""Queries that find an event again by one value of its body. Pure; imports history and the contract.

Fields that the query language knows are asked for by name, where the event was filed under that very value; everything
else is searched in the body as it is written there. What is masked stays out of the query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.contract.faults import JsonSyntaxError
from inspector.contract.masking import mask_token
from inspector.contract.outline import Node, descend, outline
from inspector.contract.paths import Path
from inspector.contract.token_places import is_token_name, secret_spans
from inspector.history.model import NewEvent
from inspector.history.query_writing import quoted, term
from inspector.ui.detail.body_text import read_body

LONGEST_TEXT = 300
_NAMES = {
    "brandId": ("brand", "brand_id"),
    "brandID": ("brand", "brand_id"),
    "conversationId": ("conv", "conversation_id"),
    "dialogId": ("dialog", "dialog_id"),
    "originatorId": ("originator", "originator_id"),
    "sequence": ("seq", "sequence"),
    "badge": ("badge", "badge"),
}
_MESSAGES = (("aps", "alert"), ("aps", "alert", "body"), ("data", "message"))
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]+")


def named_query(written: NewEvent, path: Path, value: object, *, revealed: bool) -> str:
    """The query by a field of the language; empty where the event is not filed under the `value` at `path`."""
    key = str(path[-1]) if path else ""
    if is_token_name(key):
        token = written.device_token or ""
        return _token_query(token, revealed=revealed) if value in (token, mask_token(token)) else ""
    if path in _MESSAGES and value == written.message:
        line = max((written.message or "").splitlines() or [""], key=len).strip()[:LONGEST_TEXT]
        return f"text:{quoted(line)}" if line and line.isprintable() else ""
    field, attribute = _NAMES.get(key, ("", ""))
    filed = getattr(written, attribute) if attribute else None
    text = "" if filed is None or filed != value or isinstance(value, bool) else str(filed)
    if not text.isprintable() or not text:
        return ""
    return term(field, text)


def _token_query(token: str, *, revealed: bool) -> str:
    if not token or not token.isprintable():
        return ""
    if revealed:
        return term("token", token)
    return f"token:{re.sub('[^0-9A-Za-z]+', '*', mask_token(token))}"


def body_query(raw: bytes, path: Path, *, revealed: bool) -> str:
    """The query by the text at `path` in a JSON body, its key included; of a longer text the longest line, or its
    beginning. Empty where there is no such place. Takes as long as reading the body does: not for the UI thread."""
    text = read_body(raw)
    try:
        node, depth = descend(outline(text), path)
    except JsonSyntaxError:
        return ""
    if depth < len(path):
        return ""
    lines = [line for piece in _pieces(text, node, revealed=revealed) for line in _lines(piece, raw)]
    longest = max(lines, key=len, default="")
    return f"body:{quoted(longest)}" if longest else ""


def _pieces(text: str, node: Node, *, revealed: bool) -> Iterator[str]:
    """What stands at a node, in pieces between what is masked."""
    start = node.key_start
    for secret_start, secret_end, _ in () if revealed else secret_spans(text, mask_token):
        if start < secret_end and secret_start < node.end:
            yield text[start : max(start, secret_start)]
            start = secret_end
    yield text[start : node.end]


def _lines(piece: str, raw: bytes) -> Iterator[str]:
    """The stretches that the filter's one line can hold and that a search reads as we do."""
    if not _is_utf8(raw):
        stretches = _NOT_PLAIN.split(piece)
    else:
        stretches = "".join(one if one.isprintable() else "\n" for one in piece).split("\n")
    for stretch in stretches:
        if line := stretch.strip()[:LONGEST_TEXT]:
            yield line


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
