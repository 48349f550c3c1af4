"""The headers of a push: what is sent, what can't be sent, and what the pusher's own rules for them say.

Imports the standard library, `inspector.errors` and the records of history and sender.
"""

from __future__ import annotations

import base64
import re

import inspector
from inspector.errors import UsageError
from inspector.history.model import Headers
from inspector.sender.model import Target

# The contract: at most 4, a name of at most 24 letters, a value of at most 300 of these characters.
_MOST_HEADERS = 4
_LONGEST_NAME = 24
_LONGEST_VALUE = 300
_LETTERS = re.compile(r"[A-Za-z]+")
_VALUE = re.compile(r"[A-Za-z0-9\-_$&@.#*]*")

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2
_FIELD_VALUE = re.compile(r"[\x20-\x7e\t]*")
_FRAMING = {"content-length", "transfer-encoding"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_custom_headers(headers: Headers) -> tuple[str, ...]:
    """Where `headers` depart from what the pusher takes as custom headers: a sentence for each, none if all
    is well. They can be sent all the same. Values are not repeated: they may be secret."""
    findings = []
    if len(headers) > _MOST_HEADERS:
        findings.append(f"{len(headers)} custom headers: the pusher takes at most {_MOST_HEADERS}.")
    for name, value in headers:
        if len(name) > _LONGEST_NAME:
            findings.append(
                f"The name of the header {name} has {len(name)} characters: the pusher takes {_LONGEST_NAME}."
            )
        if not _LETTERS.fullmatch(name):
            findings.append(f"The name of the header {name} is documented to be of letters (A to Z) only.")
        if len(value) > _LONGEST_VALUE:
            findings.append(
                f"The value of the header {name} has {len(value)} characters: the pusher takes {_LONGEST_VALUE}."
            )
        if odd := "".join(dict.fromkeys(c for c in value if not _VALUE.fullmatch(c))):
            findings.append(
                f"The value of the header {name} has characters that the pusher does not take: {_named(odd)}. "
                "It takes letters, digits and -_$&@.#*"
            )
    return tuple(findings)


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
    if not _TOKEN.fullmatch(name):
        raise UsageError(
            f"A header can't have the name {name!a}." if name else "A header has no name.",
            "Write a header as in 'Name: value'; a name is of letters, digits and hyphens.",
        )
    if name.lower() in _FRAMING:
        raise UsageError(f"The header {name} follows from the body and can't be set.", "Leave it out.")
    return name


def _checked_value(name: str, value: str) -> str:
    if not _FIELD_VALUE.fullmatch(value):
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


def _named(characters: str) -> str:
    return " ".join(c if c.isprintable() and not c.isspace() else f"U+{ord(c):04X}" for c in characters)
