"""Taking exactly one server: a TLS client that goes on only with the pinned certificate.

The comparison is in the context, so whoever connects with it is bound by it. It comes before anything is sent in answer
to the server's certificate: another server never gets to see ours. Imports the standard library.
"""

from __future__ import annotations

import ssl
from hashlib import sha256
from typing import Any, cast

_DER = 2  # _ssl.ENCODING_DER


class PinMismatchError(ssl.SSLCertVerificationError):
    """The server presented another certificate than the pinned one. Fingerprints are SHA-256, lower-case hex;
    `presented` is empty where it presented none."""

    def __init__(self, pinned: str, presented: str) -> None:
        super().__init__(1, "the certificate is not the pinned one")
        self.pinned = pinned
        self.presented = presented
        self.verify_code = 0
        self.verify_message = "the certificate is not the pinned one"


def take_only(context: ssl.SSLContext, pin: str) -> None:
    """Have all connections of `context` go on only with a server whose certificate has this SHA-256 fingerprint
    (lower-case hex); its issuer, name and times are not looked at."""
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    cast("Any", context).sslobject_class = _comparing(pin)


def _comparing(pin: str) -> type[ssl.SSLObject]:
    class Comparing(ssl.SSLObject):
        def do_handshake(self) -> None:
            try:
                super().do_handshake()
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                # In TLS 1.2 our certificate answers the server's before the handshake is done.
                if (early := _seen_so_far(self)) is not None:
                    _compare(pin, early)
                raise
            _compare(pin, self.getpeercert(binary_form=True) or b"")

    return Comparing


def _compare(pin: str, leaf: bytes) -> None:
    presented = sha256(leaf).hexdigest() if leaf else ""
    if presented != pin:
        raise PinMismatchError(pin, presented)


def _seen_so_far(tls: ssl.SSLObject) -> bytes | None:
    """The server's certificate in the middle of a handshake, which `ssl` knows without a public name; None where it
    has not come yet or can't be had."""
    ask = getattr(getattr(tls, "_sslobj", None), "get_unverified_chain", None)
    chain = ask() if ask is not None else None
    return cast("bytes", chain[0].public_bytes(_DER)) if chain else None
