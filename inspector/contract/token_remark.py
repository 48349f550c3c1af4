"""What can be told of a device token while it is typed. Pure; imports its own room."""

from __future__ import annotations

from inspector.contract.token_text import token_text

_APNS_DIGITS = 64
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


def token_remark(token: str) -> str:
    """A few words: its length, whether it is hexadecimal, and the text that the digits spell, where they spell one."""
    if not token:
        return "Empty"
    if "{{" in token:
        return "Filled in when sent"
    count = len(token)
    if not _HEXADECIMAL.issuperset(token):
        return f"{count:,} characters, not hexadecimal"
    words = f"{count:,} hexadecimal digits"
    if count % 2:
        return f"{words}, an odd number"
    if count == _APNS_DIGITS:
        return f"{words}, as APNs has them"
    spelled = token_text(token)
    return f"{words}: ‘{spelled}’" if spelled else words
