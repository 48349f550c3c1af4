"""What the first bytes of a connection are: TLS, plain HTTP, or something else. Pure; imports nothing of the
package.
"""

from __future__ import annotations

from enum import Enum, auto

HANDSHAKE_RECORD = 0x16
_FATAL_ALERT = b"\x15\x03"  # a record of alerts, of SSL 3 or any TLS
_ALERT_LENGTH = 7
_CLIENT_HELLO = 1
_METHODS = (b"GET", b"POST", b"PUT", b"HEAD", b"DELETE", b"OPTIONS", b"PATCH", b"CONNECT", b"TRACE", b"PRI")
_LONGEST_METHOD = max(len(method) for method in _METHODS)


class Opening(Enum):
    """What a connection began with. UNDECIDED: too few bytes to tell."""

    UNDECIDED = auto()
    TLS = auto()
    HTTP = auto()
    OTHER = auto()


def classify(data: bytes) -> Opening:
    """What the bytes seen so far are. An SSL 2 hello counts as TLS: too old a version of it."""
    if not data:
        return Opening.UNDECIDED
    if data[0] == HANDSHAKE_RECORD:
        if len(data) < 2:
            return Opening.UNDECIDED
        return Opening.TLS if data[1] == 3 else Opening.OTHER
    if data[0] & 0x80:
        if len(data) < 3:
            return Opening.UNDECIDED
        return Opening.TLS if data[2] == _CLIENT_HELLO else Opening.OTHER
    method, space, _rest = data[: _LONGEST_METHOD + 1].partition(b" ")
    if space:
        return Opening.HTTP if method in _METHODS else Opening.OTHER
    if any(candidate.startswith(method) for candidate in _METHODS):
        return Opening.UNDECIDED
    return Opening.OTHER


def alert_alone(data: bytes) -> int | None:
    """The number of the alert that a connection began with, None where it began otherwise. A client whose settings
    leave it nothing to offer says so in place of a ClientHello."""
    return data[6] if len(data) >= _ALERT_LENGTH and data.startswith(_FATAL_ALERT) else None
