"""Header fields: what HTTP lets them be, and what LivePerson's pusher takes as a brand's own. Pure; imports nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What the contract says of a brand's custom headers ("Transport").
MOST_CUSTOM = 4
_LONGEST_NAME = 24
_LONGEST_VALUE = 300
_CUSTOM_VALUE = re.compile(r"[A-Za-z0-9\-_$&@.#*]*")
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2
_VALUE = re.compile(r"[\x20-\x7e\t]*")
_LONGEST_SHOWN = 80


def is_name(text: str) -> bool:
    """Whether a field can have this name."""
    return _NAME.fullmatch(text) is not None


def is_safe_value(text: str) -> bool:
    """Whether a field with this value can be sent so that everybody reads the same: printable ASCII, in one line."""
    return _VALUE.fullmatch(text) is not None


def beyond_the_pusher(headers: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What the pusher does not take of custom headers (name and value): a sentence each. Values are not repeated: they
    may be secret."""
    found = []
    if len(headers) > MOST_CUSTOM:
        found.append(f"{len(headers)} custom headers: LivePerson's pusher takes {MOST_CUSTOM} at most.")
    for name, value in ((name.strip(), value.strip()) for name, value in headers):
        if len(name) > _LONGEST_NAME:
            found.append(
                f"The name {_shown(name)} has {len(name)} characters: LivePerson takes {_LONGEST_NAME} at most."
            )
        if len(value) > _LONGEST_VALUE:
            found.append(
                f"The value of {_shown(name)} has {len(value)} characters:"
                f" LivePerson takes {_LONGEST_VALUE} at most."
            )
        if not _CUSTOM_VALUE.fullmatch(value):
            found.append(
                f"The value of {_shown(name)} has characters that LivePerson does not take"
                " (it takes letters, digits and -_$&@.#*)."
            )
    return tuple(found)


def _shown(text: str) -> str:
    """A short text that can't break the line."""
    clean = "".join(one if one.isprintable() else " " for one in text)
    return clean if len(clean) <= _LONGEST_SHOWN else f"{clean[: _LONGEST_SHOWN - 1]}…"
