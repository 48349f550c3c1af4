"""The chain of certificates as the other side sent it, read for the window. Runs in the worker's thread; no Qt.

Imports cryptography, the certificates room and the wording of the certificates page.
"""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from inspector.certificates.chain import is_anchor, issued_by, order, unique
from inspector.certificates.describe import BROKEN, describe, pem, short_name
from inspector.certificates.model import CertificateFacts


@dataclass(frozen=True, slots=True)
class Presented:
    """One certificate of the chain. `link` says in a few words how it hangs together with the others, empty where its
    issuer is not there; `trusted`: clients that it issued (or that show it) are let in."""

    certificate: x509.Certificate = field(repr=False)
    facts: CertificateFacts
    title: str
    link: str
    anchor: bool
    trusted: bool

    @property
    def pem(self) -> str:
        return pem(self.certificate)


@dataclass(frozen=True, slots=True)
class PresentedChain:
    """What was presented, the other side's own certificate first and each issuer after what it issued. `remark` tells
    what is odd about the order, or what could not be read; `pem` is all of it as it came."""

    certificates: tuple[Presented, ...] = ()
    remark: str = ""
    pem: str = field(default="", repr=False)

    @property
    def facts(self) -> tuple[CertificateFacts, ...]:
        return tuple(one.facts for one in self.certificates)


def read_chain(
    ders: tuple[bytes, ...], accepted: Collection[x509.Certificate], now: datetime
) -> PresentedChain:
    """Read a chain of DER certificates. Never raises: what can't be read is counted in the remark and kept in the
    text of all."""
    sent = []
    for der in ders:
        try:
            sent.append(x509.load_der_x509_certificate(der))
        except BROKEN:
            continue
    whole = "".join(_pem_block(der) for der in ders)
    if not sent:
        return PresentedChain(remark=_unread(len(ders)), pem=whole)
    linked = order(sent[0], sent[1:])
    certificates = unique((*linked, *sent))
    return PresentedChain(
        tuple(
            Presented(
                certificate=certificate,
                facts=describe(certificate, now=now),
                title=short_name(certificate),
                link=_link(certificate, certificates),
                anchor=is_anchor(certificate),
                trusted=certificate in accepted,
            )
            for certificate in certificates
        ),
        _remark(sent, linked, unread=len(ders) - len(sent)),
        whole,
    )


def _link(certificate: x509.Certificate, certificates: tuple[x509.Certificate, ...]) -> str:
    if issued_by(certificate, certificate):
        return "self-signed"
    place = certificates.index(certificate)
    for other in certificates:
        if other != certificate and issued_by(certificate, other):
            return "issued by the next" if certificates.index(other) == place + 1 else "issuer was sent too"
    namesake = any(describe(other).subject == describe(certificate).issuer for other in certificates)
    return "its issuer has another key than the one sent" if namesake else ""


def _remark(sent: list[x509.Certificate], linked: tuple[x509.Certificate, ...], *, unread: int) -> str:
    parts = []
    stray = len(set(sent)) - len(linked)
    if stray > 0:
        parts.append(
            "1 certificate is no part of the chain."
            if stray == 1
            else f"{stray} certificates are no part of the chain."
        )
    elif list(linked) != sent[: len(linked)]:
        parts.append("It was sent in another order: each issuer should follow what it issued.")
    if unread:
        parts.append(_unread(unread))
    return " ".join(parts)


def _unread(count: int) -> str:
    if not count:
        return ""
    return f"{count} certificate{'s' if count > 1 else ''} can't be read; what came is kept as it is."


def _pem_block(der: bytes) -> str:
    """RFC 7468, also of what is no certificate that can be parsed."""
    lines = textwrap.wrap(base64.b64encode(der).decode("ascii"), 64)
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))
