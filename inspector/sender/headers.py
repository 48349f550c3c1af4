"""The headers of a push: what is sent, and what can't be.

Imports the standard library, `inspector.errors`, the contract's words for headers and the records of history and
sender.
"""

from __future__ import annotations

import base64
import re

import inspector
from inspector.contract.characters import quote
from inspector.contract.header_fields import is_name, is_safe_value
from inspector.errors import UsageError
from inspector.history.model import Headers
from inspector.sender.model import Target

_FRAMING = {"content-length", "transfer-encoding"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def request_headers(target: Target) -> Headers:
    """What a push to `target` is sent with, but for Host and Content-Length. A header of the target's own
    goes before the usual one of that name. Raises UsageError for one that can't be sent."""
    own = tuple((_checked_name(name), _checked_value(name, value)) for name, value in target.headers)
    names = {name.lower() for name, _ in own}
    basic = _basic(target)
    if basic and "authorization" in names:
        raise UsageError(
            "There is a header Authorization and a Basic user as well; only one can be sent.",
            "Leave one out.",
        )
    usual = (
        ("Content-Type", "application/json"),
        ("Accept", "*/*"),
        ("User-Agent", f"push-inspector/{inspector.__version__}"),
        *basic,
    )
    return (*((name, value) for name, value in usual if name.lower() not in names), *own)


def _checked_name(name: str) -> str:
    if not is_name(name):
        raise UsageError(
            f"A header can't have the name {quote(name)}." if name else "A header has no name.",
            "Write a header as in 'Name: value'; a name is of letters, digits and hyphens.",
        )
    if name.lower() in _FRAMING:
        raise UsageError(f"The header {name} follows from the body and can't be set.", "Leave it out.")
    return name


def _checked_value(name: str, value: str) -> str:
    if not is_safe_value(value):
        raise UsageError(
            f"The value of the header {name} has a character that no header may have (a line end, an accent, …).",
            "Use printable ASCII characters only.",
        )
    return value.strip(" \t")


def _basic(target: Target) -> Headers:
    user, password = target.basic_user, target.basic_password
    if not user and not password:
        return ()
    if ":" in user:
        raise UsageError("A Basic user can't have a colon in the name.", "Use another user.")
    if _CONTROL.search(user + password):
        raise UsageError(
            "The Basic user or password has a control character in it, a line end perhaps.",
            "Set it again without the line end.",
        )
    return (("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")),)
