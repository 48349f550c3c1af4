"""One field of a certificate, as the window and the commands show it. Imports nothing of the package."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A name and its value, what else to know of it, and what it is made of. Long bytes are hex pairs with colons."""

    name: str
    value: str = ""
    note: str = ""
    parts: tuple[Field, ...] = ()


def colons(data: bytes) -> str:
    """`0a:ff:…`"""
    return data.hex(":")
