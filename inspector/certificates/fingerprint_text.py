"""Fingerprints as people write and paste them. Imports `inspector.errors` and the standard library."""

from __future__ import annotations

import re

from inspector.errors import UsageError

_HEX = re.compile(r"[0-9a-f]*")
_SHA256_DIGITS = 64
# As `openssl x509 -fingerprint -sha256` writes it.
_LABEL = re.compile(r"\s*(?:sha-?256)?\s*(?:fingerprint)?\s*[=:]", re.IGNORECASE)
_LONGEST_SHOWN = 80


def fingerprint(text: str) -> str:
    """A SHA-256 fingerprint as lower-case hex, from any of the usual ways to write one. Raises UsageError."""
    digits = re.sub(r"[\s:]", "", _LABEL.sub("", text, count=1)).lower()
    if len(digits) == _SHA256_DIGITS and _HEX.fullmatch(digits):
        return digits
    if not _HEX.fullmatch(digits):
        what = "it has other characters than hex digits"
    elif len(digits) == 40:
        what = "40 hex digits are a SHA-1 fingerprint"
    else:
        what = f"it has {len(digits)} hex digits, not {_SHA256_DIGITS}"
    raise UsageError(
        f"“{_shown(text)}” is no SHA-256 fingerprint: {what}.",
        "Read it with: openssl x509 -noout -fingerprint -sha256 -in client.pem",
    )


def _shown(text: str) -> str:
    """A short text that can't break the line."""
    clean = "".join(one if one.isprintable() else " " for one in text.strip())
    return clean if len(clean) <= _LONGEST_SHOWN else f"{clean[: _LONGEST_SHOWN - 1]}…"
