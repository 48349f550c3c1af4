"""Who is at the other end: addresses as text, and the client's certificate as the history keeps it.

Imports cryptography, `inspector.certificates` and history's records.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from hashlib import sha256
from typing import TypeVar

from cryptography import x509

from inspector.certificates.describe import BROKEN, UNREADABLE, describe
from inspector.history.model import Certificate

_CERTIFICATES_KEPT = 256
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def host_and_port(address: object) -> str:
    """A socket's address as `host:port`, IPv6 in brackets; empty where there is none."""
    if isinstance(address, tuple) and len(address) >= 2:
        host, port = address[0], address[1]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return ""


def certificate_record(chain: tuple[bytes, ...]) -> Certificate | None:
    """The record of a chain of DER certificates, leaf first; None for an empty one."""
    if not chain:
        return None
    try:
        facts = describe(x509.load_der_x509_certificate(chain[0]))
    except BROKEN:
        # OpenSSL takes certificates that cryptography can't parse. The bytes are kept all the same.
        return Certificate(
            UNREADABLE, UNREADABLE, sha256(chain[0]).hexdigest(), UNREADABLE, UNREADABLE, chain
        )
    return Certificate(
        facts.subject, facts.issuer, facts.fingerprint_sha256, facts.not_before, facts.not_after, chain
    )


class CertificateRecords:
    """Records of the chains seen last: a client that comes again costs no parsing."""

    def __init__(self) -> None:
        self._records: OrderedDict[tuple[bytes, ...], Certificate] = OrderedDict()
        self._intermediates: OrderedDict[bytes, x509.Certificate] = OrderedDict()

    def record(self, chain: tuple[bytes, ...]) -> Certificate | None:
        """As `certificate_record`."""
        known = self._records.get(chain)
        if known is not None:
            self._records.move_to_end(chain)
            return known
        made = certificate_record(chain)
        if made is not None:
            self._records[chain] = made
            _trim(self._records)
            self._remember(chain[1:])
        return made

    def intermediates(self) -> tuple[x509.Certificate, ...]:
        """The certificates that clients have sent along with their own."""
        return tuple(self._intermediates.values())

    def _remember(self, ders: tuple[bytes, ...]) -> None:
        for der in ders:
            if der not in self._intermediates:
                with suppress(*BROKEN):  # one that cryptography can't parse explains nothing either
                    self._intermediates[der] = x509.load_der_x509_certificate(der)
        _trim(self._intermediates)


def _trim(kept: OrderedDict[_Key, _Value]) -> None:
    while len(kept) > _CERTIFICATES_KEPT:
        kept.popitem(last=False)
