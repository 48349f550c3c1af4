"""The filters that a cell of the push table offers: by its value, without it, or besides what is filtered by. Pure;
imports the contract's masking, history's records and the language's writing."""

from __future__ import annotations

from datetime import datetime

from inspector.contract.masking import mask_url
from inspector.contract.token_places import HIDDEN
from inspector.history.model import Kind, Row
from inspector.history.query_writing import quoted, term

_FIELDS = {
    "service": "service",
    "status": "status",
    "brand": "brand",
    "conversation": "conv",
    "sequence": "seq",
    "badge": "badge",
    "direction": "direction",
}
_SECOND = 1_000_000
_HANDSHAKES = "is:handshake"


def filter_for(row: Row, key: str) -> str:
    """The term that keeps the rows with this cell's value; empty where there is none to make."""
    if key == "time":
        return f"at:{_minute(row.at)}"
    if key == "problems":
        return "has:problem" if row.problem_count else "-has:problem"
    if key == "text":
        return _text(row)
    if row.kind is Kind.HANDSHAKE:
        return _HANDSHAKES
    if key == "status" and row.status is None:
        return term("reason", row.reason) if row.reason else "-has:answer"
    if key not in _FIELDS:
        return ""
    value = _value(row, key)
    if not value:
        return f"-has:{_FIELDS[key]}"
    return term(_FIELDS[key], value) if value.isprintable() else ""  # the box holds one line


def more_filters_for(row: Row, key: str) -> tuple[str, ...]:
    """Other terms that fit the cell: wider or narrower ones."""
    if key == "time":
        return (f"after:{_minute(row.at)}", f"before:{_minute(row.at)}")
    if key == "problems" and row.worst_problem:
        return (term("problem", row.worst_problem),)
    if key == "status" and row.status is not None and row.status >= 400:
        return ("status:>=400",)
    if row.kind is Kind.HANDSHAKE and key == "text" and row.subject:
        return (term("subject", row.subject),)
    return ()


def _value(row: Row, key: str) -> str:
    values = {
        "service": row.service.value,
        "status": row.status,
        "brand": row.brand_id,
        "conversation": row.conversation_id,
        "sequence": row.sequence,
        "badge": row.badge,
        "direction": row.direction.value,
    }
    value = values.get(key)
    return "" if value is None else str(value)


def _text(row: Row) -> str:
    """By the message, or by what stands in its place."""
    if row.reason and (row.kind is Kind.HANDSHAKE or row.status is None):
        return term("reason", row.reason)
    if not row.message:
        path = mask_url(row.path).partition(HIDDEN)[0]  # what is secret in it stays out of the box
        return term("path", path) if row.method not in ("", "POST") and path else "-has:text"
    # A line's end is none in the box: the longest line finds the message.
    longest = max(row.message.splitlines() or [""], key=len).strip()
    return f"text:{quoted(longest)}" if longest else ""


def _minute(at: int) -> str:
    return datetime.fromtimestamp(at / _SECOND).strftime("%Y-%m-%dT%H:%M")  # noqa: DTZ006 - the machine's own, as shown
