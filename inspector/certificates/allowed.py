"""Which clients are let in of those whose certificate verifies: by fingerprint, or by subject. Pure; imports nothing
of the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# A separator that a backslash takes the meaning from (RFC 4514 2.4) is part of a value.
_AROUND_SEPARATORS = re.compile(r"(?<!\\)\s*([,+=])\s*")
_NOT_HEX = re.compile(r"[\s:]+")


@dataclass(frozen=True, slots=True)
class AllowedClients:
    """`fingerprints` are SHA-256 over the certificate, in hex. Such a certificate is taken whoever issued it.
    `subjects` are RFC 4514 names, the most specific part first, in which `*` stands for anything: `CN=push-*,O=Acme`.
    Empty, it lets everybody in."""

    fingerprints: frozenset[str] = frozenset()
    subjects: tuple[str, ...] = ()

    @classmethod
    def of(cls, fingerprints: Iterable[str], subjects: Iterable[str]) -> AllowedClients:
        """Fingerprints are taken in any case, with colons or without."""
        return cls(frozenset(_NOT_HEX.sub("", one).lower() for one in fingerprints), tuple(subjects))

    def __bool__(self) -> bool:
        return bool(self.fingerprints or self.subjects)

    def pins(self, fingerprint: str) -> bool:
        """Whether this very certificate is named."""
        return fingerprint in self.fingerprints

    def lets_in(self, fingerprint: str, subject: str) -> bool:
        """Whether a certificate that verifies is let in."""
        return not self or self.pins(fingerprint) or self._names(subject)

    def _names(self, subject: str) -> bool:
        return any(subject_matches(pattern, subject) for pattern in self.subjects)


def subject_matches(pattern: str, subject: str) -> bool:
    """Whether a subject (RFC 4514) fits a pattern of `AllowedClients.subjects`. Letters count in any case, and spaces
    around the separators, which some programs write, don't."""
    name = _canonical(subject)
    first, *others = _canonical(pattern).split("*")
    if not others:
        return name == first
    if (
        not name.startswith(first)
        or len(name) < len(first) + len(others[-1])
        or not name.endswith(others[-1])
    ):
        return False
    # Each piece between two stars where it comes first: no other place would leave the next ones more room.
    at, end = len(first), len(name) - len(others[-1])
    for piece in others[:-1]:
        found = name.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _canonical(name: str) -> str:
    return _AROUND_SEPARATORS.sub(r"\1", name.strip()).casefold()
