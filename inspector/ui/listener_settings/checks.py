"""What may stand in the settings' fields: each check gives the value in its normal form, or says what to write.

No Qt. Every check raises UsageError.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from ipaddress import ip_address

from inspector.certificates.fingerprint_text import fingerprint
from inspector.contract.header_fields import is_name
from inspector.errors import UsageError
from inspector.listening_setup import network

__all__ = [
    "fingerprint",
    "header_name",
    "header_value",
    "host",
    "networks",
    "no_double",
    "port",
    "seconds",
    "subject",
    "whole",
]

_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_BETWEEN = re.compile(r"[,;\s]+")
_PORT_LIMIT = 65535
_MOST_OF_A_NAME = 253


def host(text: str) -> str:
    """An address or name to listen on, brackets around IPv6 taken off."""
    text = text.strip()
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if not bare:
        raise UsageError("There is no address.", "Write one of this computer’s, such as 127.0.0.1.")
    try:
        return str(ip_address(bare))
    except ValueError:
        labels = bare.removesuffix(".").split(".")
        if not all(map(_LABEL.fullmatch, labels)) or len(bare) > _MOST_OF_A_NAME or labels[-1].isdigit():
            raise UsageError(f"“{text}” is no address.", "Write it as 192.168.1.20, ::1 or a name.") from None
    return bare


def whole(text: str, least: int, most: int) -> int:
    """A whole number within bounds; thousands may be set apart by commas or spaces."""
    digits = re.sub(r"[,\s_]", "", text)
    if not digits.isascii() or not digits.isdigit() or not least <= int(digits[:20]) <= most:
        raise UsageError(f"Write a whole number from {least:,} to {most:,}.")
    return int(digits)


def port(text: str) -> int:
    """A port; 0 for any that is free."""
    return whole(text, 0, _PORT_LIMIT)


def seconds(text: str, most: float = 86_400.0) -> float:
    """A time in seconds, more than nothing."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not 0 < value <= most:
        raise UsageError(f"Write a number of seconds, more than 0, {most:,.0f} at most.")
    return value


def subject(text: str) -> str:
    """A pattern for subjects, such as `CN=proxy-*,O=*`."""
    text = text.strip()
    if not text.isprintable() or not re.search(r"[^\s*?=,]", text) or not re.search(r"[=*]", text):
        raise UsageError("Write a subject such as CN=push-proxy,O=Example; * stands for any characters.")
    return text


def networks(text: str) -> tuple[str, ...]:
    """Addresses and networks, set apart by commas or spaces, in their normal form; none in an empty text."""
    found = []
    for part in filter(None, _BETWEEN.split(text.strip())):
        read = network(part)
        alone = read.prefixlen == read.max_prefixlen
        found.append(str(read.network_address) if alone else str(read))
    return tuple(dict.fromkeys(found))


def header_name(text: str) -> str:
    """The name of a header field."""
    text = text.strip()
    if not is_name(text):
        raise UsageError("A header’s name has letters, digits and hyphens, such as X-Api-Key.")
    return text


def header_value(text: str) -> str:
    """The value of a header field, the blanks around it taken off."""
    text = text.strip()
    if not text.isprintable():
        raise UsageError("A header’s value is one line without control characters.")
    return text


def no_double(names: Sequence[str], name: str) -> None:
    """That a header's name is not among `names` yet, in any case."""
    if name.lower() in (known.lower() for known in names):
        raise UsageError(f"{name} stands here twice.", "Keep one of them.")
