"""The fields of the query language: their names, what they take, and what to say about them. Pure; imports the
history's words.

The filter box offers these names and hints, the parser reads by them, `query_sql` finds their columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum

from inspector.history.model import MARK_COLORS


class Takes(Enum):
    """What a field's value is."""

    TEXT = "text found anywhere in it"
    NAME = "a whole name or id, * for any characters"
    CHOICE = "one of a few words"
    NUMBER = "a number, a comparison or a range"
    STATUS = "a number, a comparison, a range or a class such as 4xx"
    SIZE = "bytes, a comparison or a range, also 4k or 1m"
    TIME = "a date or time"
    PROBLEM = "a problem's code or severity"
    PRESENCE = "what an event must have"
    STATE = "what an event must be"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `choices` maps each word that may be written to what it means."""

    name: str
    takes: Takes
    hint: str
    aliases: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()

    def choice(self, word: str) -> str | None:
        """What a word means here, None where it means nothing."""
        return dict(self.choices).get(word.lower())

    @property
    def words(self) -> list[str]:
        """The words to offer: for each meaning the first one."""
        return list({meaning: word for word, meaning in reversed(self.choices)}.values())[::-1]


_SERVICES = (
    *(("apns", "apns"), ("ios", "apns"), ("apn", "apns")),
    *(("fcm", "fcm"), ("gcm", "fcm"), ("android", "fcm")),
    *(("huawei", "huawei"), ("hms", "huawei")),
    ("unknown", "unknown"),
)
_DIRECTIONS = (("in", "in"), ("out", "out"), ("received", "in"), ("sent", "out"))
_KINDS = (("push", "push"), ("handshake", "handshake"))
_STATES = (
    *(
        ("push", "push"),
        ("handshake", "handshake"),
        ("in", "in"),
        ("received", "in"),
        ("out", "out"),
        ("sent", "out"),
    ),
    *(("accepted", "accepted"), ("refused", "refused"), ("failed", "failed"), ("retry", "retry")),
    *(("trusted", "trusted"), ("untrusted", "untrusted"), ("pinned", "pinned")),
)
# `has:` takes the name of any field below that an event may lack, and these.
_PRESENCES = (("retry", "retry"), ("answer", "status"), ("certificate", "subject"))

_PLAIN_FIELDS = (
    Field("service", Takes.CHOICE, "apns, fcm or huawei", choices=_SERVICES),
    Field("direction", Takes.CHOICE, "in or out", ("dir",), _DIRECTIONS),
    Field("kind", Takes.CHOICE, "push or handshake", choices=_KINDS),
    Field("status", Takes.STATUS, "the answer's status: 200, >=500, 4xx"),
    Field("brand", Takes.NAME, "the brand's account", ("brandid", "brand_id", "account")),
    Field(
        "conv",
        Takes.NAME,
        "conversation: an id, or 13a1*",
        ("conversation", "conversationid", "conversation_id"),
    ),
    Field("dialog", Takes.NAME, "dialog: an id, or 13a1*", ("dialogid", "dialog_id")),
    Field("originator", Takes.NAME, "account and agent who wrote", ("originatorid", "originator_id")),
    Field("token", Takes.NAME, "the device token", ("device-token", "device_token")),
    Field("text", Takes.TEXT, "in the message's text", ("message",)),
    Field("seq", Takes.NUMBER, "sequence: 8, 3..9, >=5", ("sequence",)),
    Field("badge", Takes.NUMBER, "the unread count"),
    Field("attempt", Takes.NUMBER, "1 for the first, 2 for its first retry"),
    Field("problem", Takes.PROBLEM, "a code such as missing*, a severity, or * for any", ("problems",)),
    Field("reason", Takes.NAME, "why it was refused or failed, such as unknown_issuer"),
    Field("detail", Takes.TEXT, "in the system's own words for the reason"),
    Field("method", Takes.NAME, "the HTTP method"),
    Field("path", Takes.TEXT, "in the path"),
    Field("url", Takes.TEXT, "in the address it was sent to"),
    Field("header", Takes.TEXT, "in the headers, such as user-agent", ("headers",)),
    Field("body", Takes.TEXT, "in the body"),
    Field("size", Takes.SIZE, "the body's bytes: >4096, 1k..4k"),
    Field("peer", Takes.TEXT, "in the other side's address"),
    Field("subject", Takes.TEXT, "in the subject of the other side's certificate"),
    Field("issuer", Takes.TEXT, "in the issuer of the other side's certificate"),
    Field("fingerprint", Takes.NAME, "SHA-256 of the other side's certificate", ("sha256",)),
    Field("sni", Takes.TEXT, "in the server name the client asked for"),
    Field("tls", Takes.TEXT, "in the TLS version"),
    Field("note", Takes.TEXT, "in the note on it", ("notes",)),
    Field("mark", Takes.NAME, f"its colour: {', '.join(MARK_COLORS)}; * for any", ("color", "colour")),
    Field("rule", Takes.NAME, "the rule that chose the answer; * for any", ("rules",)),
    Field("count", Takes.NUMBER, "how often a refused handshake was seen"),
    Field("id", Takes.NUMBER, "the event's number here"),
    Field("at", Takes.TIME, "when: today, 2026-01-31, 10:04, -2h"),
    Field("after", Takes.TIME, "from then on: yesterday, 2026-01-01T10:00, -30m", ("since",)),
    Field("before", Takes.TIME, "before then: today, 2026-01-01"),
)
_NEVER_LACKING = ("service", "direction", "kind", "attempt", "size", "count", "id", "at", "after", "before")
_LACKING = tuple(
    (name, field.name)
    for field in _PLAIN_FIELDS
    if field.name not in _NEVER_LACKING
    for name in (field.name, *field.aliases)
)

FIELDS: tuple[Field, ...] = (
    *_PLAIN_FIELDS,
    Field("has", Takes.PRESENCE, "retry, problem, token, answer …", choices=_PRESENCES + _LACKING),
    Field("is", Takes.STATE, "handshake, push, refused, untrusted …", choices=_STATES),
)

_BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.aliases)}


def find_field(name: str) -> Field | None:
    """The field of this name or alias, in any case."""
    return _BY_NAME.get(name.lower())


def near_names(name: str) -> list[str]:
    """Names of fields that look like this one, the likeliest first."""
    found = get_close_matches(name.lower(), _BY_NAME, n=3, cutoff=0.6)
    return list(dict.fromkeys(_BY_NAME[near].name for near in found))
