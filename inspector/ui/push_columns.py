"""The columns of the push table and the text of each cell. Pure; imports history's records and the contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from inspector.contract.answers import meaning
from inspector.contract.masking import mask_url
from inspector.contract.push import Service
from inspector.history.model import Direction, Kind, Row
from inspector.ui.mark_change import mark_words

UNTRUSTED = "untrusted client"
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND

REASON_WORDS = {
    "no_client_certificate": "No client certificate",
    "unknown_issuer": "Unknown issuer",
    "expired": "Certificate expired",
    "not_yet_valid": "Certificate not yet valid",
    "wrong_purpose": "Certificate not for clients",
    "revoked": "Certificate revoked",
    "weak_key": "Key too weak",
    "bad_signature": "Bad signature",
    "incomplete_chain": "Incomplete chain",
    "invalid_certificate": "Invalid certificate",
    "protocol_version": "TLS version too old",
    "no_shared_cipher": "No shared cipher",
    "plain_http": "Plain HTTP instead of TLS",
    "not_tls": "Not TLS",
    "client_rejected_server": "Client does not trust our certificate",
    "client_aborted": "Client went away",
    "timeout": "Handshake timed out",
    "tls_expected": "HTTP instead of TLS",
    "invalid_answer": "The answer is not HTTP",
    "connect_failed": "Could not connect",
    "name_not_found": "Name not found",
    "tls_refused": "They refused the TLS connection",
    "tls_untrusted": "We do not trust their certificate",
    "tls_failed": "TLS failed",
    "dropped": "Closed without an answer",
    "cancelled": "Cancelled",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key (kept in the settings), title, the text that its first width must hold, how to get the
    cell's text, whether that is a figure (`right`) or an identifier (`fixed`), and whether only a push has it
    (`of_push`), never a refused handshake. `unique`: figures that hardly two rows have in common."""

    key: str
    title: str
    sample: str
    text: Callable[[Row], str]
    right: bool = False
    fixed: bool = False
    of_push: bool = False
    unique: bool = False
    hint: str = ""


def local_time(at: int) -> str:
    """Microseconds since 1970 as local time of day with milliseconds."""
    second, rest = divmod(at, _SECOND)
    return f"{_time_of_day(second)}.{rest // 1000:03d}"


@lru_cache(maxsize=256)  # rows that are painted together are mostly of the same few seconds
def _time_of_day(second: int) -> str:
    return datetime.fromtimestamp(second).astimezone().strftime("%H:%M:%S")


def local_date_time(at: int) -> str:
    """Microseconds since 1970 as local date and time with milliseconds and offset."""
    moment = datetime.fromtimestamp(at / 1_000_000).astimezone()
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d} {moment:%z}"


def reason_words(reason: str | None) -> str:
    """A handshake's or a failed sending's reason in words."""
    return REASON_WORDS.get(reason or "", (reason or "").replace("_", " ").capitalize())


def service_text(row: Row) -> str:
    return "TLS" if row.kind is Kind.HANDSHAKE else row.service.label


def status_text(row: Row) -> str:
    if row.kind is Kind.HANDSHAKE:
        return "refused"
    if row.status is None:
        return "failed" if row.direction is Direction.OUT else "none"
    return str(row.status)


def message_text(row: Row) -> str:
    """The message's text; for a refused handshake or a failed sending, the reason."""
    if row.kind is Kind.HANDSHAKE or (row.status is None and row.reason):
        sending = row.kind is Kind.PUSH and row.reason == "timeout"
        said = "Timed out" if sending else reason_words(row.reason)
        times = f" ×{row.count:,}" if row.count > 1 else ""  # before the name, which may be cut
        who = row.subject or row.peer
        return f"{said}{times} · {who}" if who else f"{said}{times}"
    if row.message is not None:
        return " ".join(row.message.split())
    return "" if row.method in ("", "POST") else f"{row.method} {mask_url(row.path)}"


def gap_words(microseconds: int) -> str:
    """A time between two moments: `10.0 s`, `250 ms`, `3 min 20 s`, `2 h 5 min`."""
    if microseconds < _SECOND:
        return f"{max(0, microseconds) // 1000} ms"
    if microseconds < 2 * _MINUTE:
        return f"{microseconds / _SECOND:.1f} s"
    minutes, rest = divmod(microseconds // _SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def attempt_words(attempt: int, gap: int | None) -> str:
    """Which attempt of the same message it is, such as `attempt 3, 10.0 s after`; empty for the first."""
    if attempt <= 1:
        return ""
    return f"attempt {attempt}" if gap is None else f"attempt {attempt}, {gap_words(gap)} after"


def row_text(row: Row) -> str:
    """What the text's cell shows: before the message, where it would be cut last, that strict checks turn the client
    away, and which attempt it is."""
    text = message_text(row)
    if row.attempt > 1:
        words = attempt_words(row.attempt, row.gap)
        text = f"{words} · {text}" if text else words
    if is_untrusted(row):
        text = f"{UNTRUSTED} · {text}" if text else UNTRUSTED
    return text


def is_untrusted(row: Row) -> bool:
    """Whether a push came from a client that strict checks turn away."""
    return row.trusted is False and row.kind is Kind.PUSH and row.direction is Direction.IN


def direction_words(row: Row) -> str:
    if row.kind is Kind.HANDSHAKE:
        return "Turned away"
    return "Received" if row.direction is Direction.IN else "Sent"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _problems(row: Row) -> str:
    return str(row.problem_count) if row.problem_count else ""


COLUMNS: tuple[Column, ...] = (
    Column(
        "time",
        "Time",
        "00:00:00.000",
        lambda row: local_time(row.at),
        fixed=True,
        unique=True,
        hint="When it came or went",
    ),
    Column("direction", "", "", direction_words, hint="Received, sent, or turned away"),
    Column("service", "Service", "Huawei   ", service_text, hint="The provider the push is for"),
    Column("status", "Status", "refused", status_text, hint="The answer's status"),
    Column(
        "brand",
        "Brand",
        "90588711",
        lambda row: row.brand_id or "",
        fixed=True,
        of_push=True,
        hint="brandId",
    ),
    Column(
        "conversation",
        "Conversation",
        "13a1ca7…dbdb9f3",
        lambda row: row.conversation_id or "",
        fixed=True,
        of_push=True,
        hint="conversationId",
    ),
    Column(
        "sequence",
        "Seq",
        "0000",
        lambda row: _number(row.sequence),
        right=True,
        of_push=True,
        unique=True,
        hint="Sequence of the message",
    ),
    Column(
        "badge",
        "Badge",
        "0000",
        lambda row: _number(row.badge),
        right=True,
        of_push=True,
        hint="Unread count",
    ),
    Column("text", "Text", "", row_text, hint="The message's text, or why a client was turned away"),
    Column(
        "problems", "Problems", "000", _problems, right=True, hint="Departures from the documented contract"
    ),
)
KEYS = tuple(column.key for column in COLUMNS)


def tooltip(row: Row, key: str) -> str:
    """The full text behind a cell that may be cut, with what fits the cell."""
    marked = mark_words(row)
    if marked and key in ("time", "text"):
        return f"{marked}\n{_plain_tooltip(row, key)}".strip()
    return _plain_tooltip(row, key)


def _plain_tooltip(row: Row, key: str) -> str:
    if row.kind is Kind.HANDSHAKE and (key == "text" or COLUMNS[KEYS.index(key)].of_push):
        return message_text(row)
    if key == "time":
        return local_date_time(row.at)
    if key == "service" and row.kind is Kind.PUSH and row.service is Service.UNKNOWN:
        return "The body does not say which provider it is for"
    if key == "status" and row.status is not None:
        return f"{row.status}: {meaning(row.status)}"
    if key == "problems":
        if row.kind is Kind.HANDSHAKE:
            return ""
        return (
            f"{row.problem_count} departures from the contract"
            if row.problem_count
            else "Fits the documented contract"
        )
    if key == "text" and (row.attempt > 1 or is_untrusted(row)):
        lines = [message_text(row)]
        if row.attempt > 1:
            lines.append(f"{attempt_words(row.attempt, row.gap)} the one before")
        if is_untrusted(row):
            lines.append("Strict checks turn this client away: the TLS tab tells why.")
        return "\n".join(lines).strip()
    return COLUMNS[KEYS.index(key)].text(row)
