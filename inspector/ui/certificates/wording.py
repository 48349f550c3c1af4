"""Certificates in people's words: how long they last, what they are for, what they are called. No Qt.

Imports the records of `inspector.certificates.model`, the errors and what fits advice to the window.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from inspector.errors import InspectorError
from inspector.ui.advice import in_window

if TYPE_CHECKING:
    from inspector.certificates.model import CertificateFacts, VaultEntry
    from inspector.usage import Use

WARN_DAYS = 30
URGENT_DAYS = 7
_DAY_SECONDS = 86_400
_DAYS_OF_YEAR = 365
_YEARS_FROM_DAYS = 3 * _DAYS_OF_YEAR
_LONGEST_CA = 24
_log = logging.getLogger(__name__)
_ESCAPED = re.compile(r'\\([ "#+,;<=>\\])')

PURPOSE_WORDS = {"server": "Server", "client": "Client", "ca": "CA"}


class Tone(StrEnum):
    """How much something matters. A word or a shape always goes with the colour of a tone."""

    PLAIN = "plain"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a certificate lasts, in words and in few words, and how much that matters."""

    words: str
    short: str
    tone: Tone


def moment(text: str) -> datetime | None:
    """An RFC 3339 time of the facts as a datetime in UTC; None where the certificate's own could not be read."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


def day(text: str) -> str:
    """The date of an RFC 3339 time, such as `2027-11-23`."""
    found = moment(text)
    return text if found is None else f"{found:%Y-%m-%d}"


def day_and_time(text: str) -> str:
    """An RFC 3339 time for reading, such as `2027-11-23 15:25:29 UTC`."""
    found = moment(text)
    return text if found is None else f"{found:%Y-%m-%d %H:%M:%S} UTC"


def validity(facts: CertificateFacts, now: datetime) -> Validity:
    """How long a certificate still lasts at `now` (with a time zone)."""
    starts, ends = moment(facts.not_before), moment(facts.not_after)
    if starts is None or ends is None:
        return Validity("dates can't be read", "unreadable", Tone.BAD)
    if now < starts:
        return Validity(f"not valid before {day(facts.not_before)}", "not yet valid", Tone.BAD)
    if now > ends:
        past = int((now - ends).total_seconds() // _DAY_SECONDS)
        return Validity("expired today" if past == 0 else f"expired {_days(past)} ago", "expired", Tone.BAD)
    left = int((ends - now).total_seconds() // _DAY_SECONDS)
    words = "less than a day left" if left == 0 else f"{_days(left)} left"
    tone = Tone.BAD if left < URGENT_DAYS else Tone.WARN if left < WARN_DAYS else Tone.PLAIN
    return Validity(words, "< 1 day left" if left == 0 else words, tone)


def _days(count: int) -> str:
    if count >= _YEARS_FROM_DAYS:
        return f"{count // _DAYS_OF_YEAR:,} years"
    return "1 day" if count == 1 else f"{count:,} days"


def purposes(facts: CertificateFacts) -> str:
    """What a certificate may be used for, such as `Server, Client`."""
    return ", ".join(PURPOSE_WORDS.get(purpose, purpose) for purpose in facts.purposes) or "Nothing known"


def kind_of_entry(facts: CertificateFacts, *, has_key: bool) -> str:
    """What an entry is, such as `Server and client identity` or `Client certificate without its key`."""
    words = [PURPOSE_WORDS.get(purpose, purpose) for purpose in facts.purposes]
    if facts.is_ca:
        return "CA that can issue" if has_key else "CA certificate"
    what = " and ".join(words[:1] + [word.lower() for word in words[1:]])
    if has_key:
        return f"{what} identity" if what else "Identity"
    return f"{what} certificate without its key" if what else "Certificate without its key"


def common_name(name: str) -> str:
    """The CN of an RFC 4514 name, else the whole of it; for places that have room for a short one only."""
    for part in _attributes(name):
        key, _, value = part.partition("=")
        if key.strip().upper() == "CN" and value:
            return _unescape(value)
    return name or "(no subject)"


def let_in(anchors: Sequence[CertificateFacts]) -> str:
    """Whom trusting an entry for clients lets in; `anchors` are its CAs and self-signed certificates."""
    names = [cut(common_name(facts.subject), _LONGEST_CA) for facts in anchors if facts.is_ca]
    if not names:
        return "the client that presents this certificate itself"
    if names[1:]:
        return f"clients that {names[0]} and {len(names) - 1} more have issued"
    return f"clients that {names[0]} has issued"


def cut(text: str, longest: int) -> str:
    """A text cut in the middle where it has more than `longest` characters."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]}…{text[-half:]}"


def in_a_line(name: str) -> str:
    """An RFC 4514 name on one line, for reading."""
    return ", ".join(_unescape(part) for part in _attributes(name)) or "(empty)"


def in_lines(name: str) -> str:
    """An RFC 4514 name with one attribute a line, for reading."""
    return "\n".join(_unescape(part) for part in _attributes(name)) or "(empty)"


def _attributes(name: str) -> list[str]:
    """RFC 4514, section 3: attributes are separated by commas that no backslash escapes."""
    parts, current, escaped = [], "", False
    for character in name:
        if character == "," and not escaped:
            parts.append(current.strip())
            current = ""
            continue
        escaped = character == "\\" and not escaped
        current += character
    return [part for part in (*parts, current.strip()) if part]


def _unescape(value: str) -> str:
    """RFC 4514, section 2.4. Pairs of hex digits stay: they stand for what would break a line or steer a screen."""
    return _ESCAPED.sub(r"\1", value)


def error_words(error: BaseException) -> tuple[str, str]:
    """What went wrong and what to do, of any error that a job in the background ended with. One that nobody expected
    is logged."""
    if isinstance(error, InspectorError):
        return error.message, in_window(error.next_step)
    _log.error("a background job failed", exc_info=error)
    return "Something went wrong that should not.", "The log has the details."


def few_uses(uses: Sequence[Use]) -> str:
    """What uses an entry, in few words: `listener, 2 targets`."""
    targets = [use.name for use in uses if use.kind == "target"]
    parts = ["listener"] if any(use.kind != "target" for use in uses) else []
    if targets:
        parts.append(targets[0] if len(targets) == 1 else f"{len(targets)} targets")
    return ", ".join(parts)


def deletion_consequences(entry: VaultEntry, used_by: str = "") -> tuple[str, ...]:
    """What goes with an entry, for the question before it is deleted. `used_by` are the words for what uses it."""
    lines = []
    if used_by:
        lines.append(f"It is used by {used_by}.")
    if entry.has_key:
        lines.append("Its private key goes with it.")
    if entry.trust_clients:
        lines.append("Clients that it has issued will be turned away.")
    return (*lines, "It can be put back until the program ends.")


def request_deletion_consequences() -> tuple[str, ...]:
    """What goes with a request, for the question before it is deleted."""
    return (
        "Its private key goes with it: the certificate that it asks for can’t be completed then.",
        "It can be put back until the program ends.",
    )


def renewal_consequences() -> tuple[str, ...]:
    """What the renewal of the dev identities means, for the question before it."""
    return (
        "Their keys are made anew, and the old ones can't be brought back.",
        "Whoever trusts the old dev-ca must be given the new one.",
    )
