"""What a device token says, where it is text written in hexadecimal. Pure; imports nothing.

Any string can be a device token, as the app registered it; one was seen that is `BTP800DF00M|03|04` in hexadecimal.
"""

from __future__ import annotations

_FEWEST_BYTES = 3
_MOST_BYTES = 2048


def token_text(token: str) -> str | None:
    """The text that a token's hexadecimal digits spell, None where they spell none: a provider's token is random, so
    that hardly one reads as text by chance."""
    if not _FEWEST_BYTES <= len(token) / 2 <= _MOST_BYTES or not token.isascii() or not token.isalnum():
        return None
    try:
        text = bytes.fromhex(token).decode()
    except ValueError:
        return None
    return text if text.isprintable() and not text.isspace() else None
