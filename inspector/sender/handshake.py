"""What passes in a TLS handshake: the server's chain, whether it asked for our certificate, the alert it
sent.

Python tells none of that where a handshake fails, which is when people need it. OpenSSL's message callback
does; `ssl` has it without a public name, so everything here also works where it is missing and only knows
less. Imports `inspector.certificates` and the standard library.
"""

from __future__ import annotations

import ssl
import weakref
from collections.abc import Callable
from typing import Any, cast

from inspector.certificates.verdicts import alert_name

_ALERT, _HANDSHAKE = 21, 22
_SERVER_HELLO, _NEW_SESSION_TICKET, _CERTIFICATE, _CERTIFICATE_REQUEST = 2, 4, 11, 13
_TLS13 = 0x0304
_CERTIFICATE_AUTHORITIES = 47  # the extension of RFC 8446, 4.2.4
_ALERT_SIZE = 2
_POLITE = {0, 90}  # close_notify and user_canceled
_WARNING = 1
_VERSIONS = {0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"}


class Handshake:
    """What is known of one connection's handshake, so far. Written by the thread that reads from it.

    `chain` is the server's, DER, leaf first. `asked` and `presented`: whether the server asked for a client
    certificate, and whether we gave one. `issuers` are the DER names of the CAs that the server takes
    clients from, where it said. `alert` is the name of the fatal alert it sent. `ticket`: whether it gave us one to
    resume the session with.
    """

    def __init__(self) -> None:
        self.version: str | None = None
        self.chain: tuple[bytes, ...] = ()
        self.asked = False
        self.presented = False
        self.issuers: tuple[bytes, ...] = ()
        self.alert: str | None = None
        self.ticket = False

    def note(self, *, received: bool, version: int, content: int, data: bytes) -> None:
        """Take in one message. A message that can't be read changes nothing: OpenSSL will say what it
        thinks of it."""
        if content == _ALERT and received and len(data) == _ALERT_SIZE:
            if data[1] not in _POLITE and (data[0] != _WARNING or version == _TLS13):
                self.alert = alert_name(data[1])
        elif content == _HANDSHAKE and len(data) > 4:
            try:
                self._note_message(data[0], _Reader(data[4:]), received=received, tls13=version == _TLS13)
            except _ShortError:
                return
            # The server's hello settles the version, so only what comes after it has it right.
            if received and data[0] != _SERVER_HELLO:
                self.version = _VERSIONS.get(version, self.version)

    def _note_message(self, kind: int, message: _Reader, *, received: bool, tls13: bool) -> None:
        if kind == _CERTIFICATE:
            chain = _certificates(message, tls13=tls13)
            if received:
                self.chain = chain
            else:
                self.presented = bool(chain)
        elif kind == _NEW_SESSION_TICKET and received:
            self.ticket = True
        elif kind == _CERTIFICATE_REQUEST and received:
            self.asked = True
            self.issuers = _issuers_13(message) if tls13 else _issuers_12(message)


class HandshakeWatch:
    """Watches every handshake made with one context."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._known: weakref.WeakKeyDictionary[ssl.SSLObject, Handshake] = weakref.WeakKeyDictionary()
        if hasattr(ssl.SSLContext, "_msg_callback"):
            cast("Any", context)._msg_callback = self._callback()

    def follow(self, tls: ssl.SSLObject) -> Handshake:
        """Start to watch a connection that has not begun its handshake."""
        handshake = self._known[tls] = Handshake()
        return handshake

    def _callback(self) -> Callable[[object, str, int, int, int, bytes], None]:
        known = self._known

        def note(tls: object, direction: str, version: int, content: int, _kind: int, data: bytes) -> None:
            if content in (_ALERT, _HANDSHAKE) and isinstance(tls, ssl.SSLObject):
                handshake = known.get(tls)
                if handshake is not None:
                    handshake.note(
                        received=direction == "read", version=int(version), content=int(content), data=data
                    )

        return note


class _ShortError(Exception):
    """A length in a message points behind its end."""


class _Reader:
    """Reads the length-prefixed vectors that TLS messages are made of."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        if length > len(self._data) - self._at:
            raise _ShortError
        self._at += length
        return self._data[self._at - length : self._at]

    def vector(self, length_bytes: int) -> _Reader:
        return _Reader(self.take(int.from_bytes(self.take(length_bytes))))

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)

    def __bool__(self) -> bool:
        return self._at < len(self._data)


def _certificates(message: _Reader, *, tls13: bool) -> tuple[bytes, ...]:
    if tls13:
        message.vector(1)  # the request's context
    entries, found = message.vector(3), []
    while entries:
        found.append(entries.vector(3).rest())
        if tls13:
            entries.vector(2)  # extensions of the entry
    return tuple(found)


def _issuers_12(message: _Reader) -> tuple[bytes, ...]:
    message.vector(1)  # certificate types
    message.vector(2)  # signature algorithms
    return _names(message.vector(2))


def _issuers_13(message: _Reader) -> tuple[bytes, ...]:
    message.vector(1)  # the request's context
    extensions = message.vector(2)
    while extensions:
        kind = int.from_bytes(extensions.take(2))
        content = extensions.vector(2)
        if kind == _CERTIFICATE_AUTHORITIES:
            return _names(content.vector(2))
    return ()


def _names(vector: _Reader) -> tuple[bytes, ...]:
    found = []
    while vector:
        found.append(vector.vector(2).rest())
    return tuple(found)
