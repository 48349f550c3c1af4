"""What the filter box offers of itself: names of fields, and the words that a field takes. Pure; imports the language's
parts. What the history holds is found by `known_values`."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.history.completion import Completion, Offer, Part, Source, field_of
from inspector.history.model import MARK_COLORS
from inspector.history.query_fields import FIELDS, Field, Takes, find_field

# What a word means, where the word alone does not say it.
_HINTS = {
    ("service", "apns"): "iOS",
    ("service", "fcm"): "Android",
    ("service", "huawei"): "HMS",
    ("direction", "in"): "received",
    ("direction", "out"): "sent",
    ("is", "in"): "received",
    ("is", "out"): "sent",
    ("is", "accepted"): "answered 2xx",
    ("is", "refused"): "turned away, or answered 401 or 403",
    ("is", "failed"): "refused, 4xx, 5xx or no answer",
    ("is", "retry"): "a second attempt or later",
    ("is", "untrusted"): "strict checks turn the client away",
    ("is", "handshake"): "a client that was turned away",
}
_EXAMPLES = {
    Takes.STATUS: (("2xx", "accepted"), ("4xx", "refused"), ("5xx", "failed"), (">=400", "both of these")),
    Takes.SIZE: ((">4k", "larger than 4096 bytes"), ("..1k", "at most 1024 bytes")),
    Takes.PROBLEM: (("error", ""), ("warning", ""), ("info", ""), ("*", "any problem")),
    Takes.TIME: (
        *(("today", ""), ("yesterday", ""), ("-10m", "the last ten minutes")),
        *(("-1h", "the last hour"), ("-7d", "the last week")),
    ),
}
_ATTEMPTS = ((">1", "retries"), ("1", "first attempts"))
# A time that stands alone is all that happened since; `after` and `before` say it of themselves.
_PLAIN = (Takes.PROBLEM, Takes.CHOICE, Takes.STATE, Takes.PRESENCE)


def own_offers(at: Completion) -> list[Offer]:
    """What fits what was typed, the likeliest first."""
    if at.part is Part.NAME:
        return _names(at.prefix.lower())
    field = find_field(field_of(at))
    if field is None or at.quoted:
        return []
    typed = at.prefix.lower()
    words = _words(field) if not at.operator or field.takes in _PLAIN else ()
    return [Offer(word, hint) for word, hint in words if word.startswith(typed) and word != typed]


def _names(typed: str) -> list[Offer]:
    first = [field for field in FIELDS if field.name.startswith(typed)]
    also = [
        field
        for field in FIELDS
        if field not in first and any(alias.startswith(typed) for alias in field.aliases)
    ]
    return [Offer(field.name, field.hint, Source.FIELD, f"{field.name}:") for field in (*first, *also)]


def _words(field: Field) -> Sequence[tuple[str, str]]:
    if field.name == "has":  # by a field's own name, not by its aliases
        names = [word for word, _ in field.choices]
        own = [word for word in names if (other := find_field(word)) is None or other.name == word]
        return [(word, found.hint if (found := find_field(word)) else "") for word in own]
    if field.choices:
        return [(word, _HINTS.get((field.name, word), "")) for word in field.words]
    if field.name == "mark":
        return [(color, "") for color in MARK_COLORS]
    if field.name == "attempt":
        return _ATTEMPTS
    return _EXAMPLES.get(field.takes, ())
