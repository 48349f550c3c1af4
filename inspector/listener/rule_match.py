"""Whether a push is one of those that a rule is for. Pure; imports history's records and the words for rules.

Patterns are matched piece by piece, never by a regular expression with several stars: what is matched comes from
outside, and such an expression may take for ever over it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

from inspector.history.model import NewEvent
from inspector.listener.rule import Match

BODY_FIELDS = ("service", "brand", "conversation", "device_token", "text")
"""The fields of a `Match` that can't be told before the body is there."""

FIELDS = {
    "service": "service",
    "brand": "brand",
    "conversation": "conversation",
    "device_token": "device token",
    "path": "path",
    "text": "text",
}
"""Every field of a `Match`, in its order, with its name for people."""


@dataclass(frozen=True, slots=True)
class RuleSubject:
    """What rules look at of one push. `path` may have a query; None is for what the body does not say."""

    service: str
    brand: str | None
    conversation: str | None
    device_token: str | None = field(repr=False)
    path: str
    text: str | None = field(repr=False)
    retry_key: bytes | None
    body: bytes = field(default=b"", repr=False)

    @property
    def message_key(self) -> bytes:
        """What tells one message from another: its retry key, or where it has none, the bytes of its body."""
        return self.retry_key or blake2b(self.body, digest_size=16).digest()


Test = tuple[Callable[[str, RuleSubject], bool], str]


def subject_of(event: NewEvent) -> RuleSubject:
    """A push of the history, or one just taken, as rules see it."""
    return RuleSubject(
        event.service.value,
        event.brand_id,
        event.conversation_id,
        event.device_token,
        event.path,
        event.message,
        event.retry_key,
        event.body,
    )


def needs_body(match: Match) -> bool:
    """Whether the body must be read to tell if a push fits."""
    return any(getattr(match, name) for name in BODY_FIELDS)


def misfits(match: Match, subject: RuleSubject) -> tuple[str, ...]:
    """The names of the fields of `match` that the push does not fit, in their order; none if it fits."""
    return tuple(
        name for name in FIELDS if (wanted := getattr(match, name)) and not _FITS[name](wanted, subject)
    )


def tests(match: Match) -> tuple[Test, ...]:
    """What is to be asked of a push: it fits where all of them say yes, given what stands beside them."""
    return tuple((_FITS[name], wanted) for name in FIELDS if (wanted := getattr(match, name)))


def path_fits(pattern: str, path: str) -> bool:
    """Whether a path fits, with its query or without it."""
    glob = _glob(pattern)
    return glob(path) or ("?" in path and glob(path.partition("?")[0]))


def _service_fits(wanted: str, subject: RuleSubject) -> bool:
    return wanted.strip().casefold() == subject.service


def _text_fits(wanted: str, subject: RuleSubject) -> bool:
    return subject.text is not None and wanted.casefold() in subject.text.casefold()


@lru_cache(maxsize=256)
def _glob(pattern: str) -> Callable[[str], bool]:
    """Compares whole texts with a pattern in any case: `*` is any characters, `?` any one."""
    pieces = pattern.casefold().split("*")
    if len(pieces) == 1:
        alone = _piece(pieces[0])
        return lambda value: alone.fullmatch(value.casefold()) is not None
    first, *middle, last = map(_piece, pieces)
    last_length = len(pieces[-1])

    def matches(value: str) -> bool:
        value = value.casefold()
        if (found := first.match(value)) is None:
            return False
        place = found.end()
        for piece in middle:
            if (found := piece.search(value, place)) is None:
                return False
            place = found.end()
        end = len(value) - last_length
        return end >= place and last.match(value, end) is not None

    return matches


def _piece(piece: str) -> re.Pattern[str]:
    """A part of a pattern without stars; what fits it is exactly as long."""
    return re.compile("".join("." if one == "?" else re.escape(one) for one in piece), re.DOTALL)


_FITS: dict[str, Callable[[str, RuleSubject], bool]] = {
    "service": _service_fits,
    "brand": lambda wanted, subject: _glob(wanted)(subject.brand or ""),
    "conversation": lambda wanted, subject: _glob(wanted)(subject.conversation or ""),
    "device_token": lambda wanted, subject: _glob(wanted)(subject.device_token or ""),
    "path": lambda wanted, subject: path_fits(wanted, subject.path),
    "text": _text_fits,
}
