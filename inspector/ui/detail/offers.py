"""What the window can do about a client that was turned away, or is only taken because checks are lenient.

Pure; imports history's records, cryptography's types and the certificates room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography import x509

from inspector.certificates.chain import issued_by
from inspector.certificates.describe import BROKEN, is_ca, short_name
from inspector.certificates.host_names import host_of, is_named
from inspector.history.model import Direction, Kind, NewEvent
from inspector.ui.certificates.wording import cut
from inspector.ui.detail.presented import Presented, PresentedChain
from inspector.ui.detail.surroundings import Surroundings
from inspector.ui.detail.tls_facts import reason_of

# Reasons that go away once the client's CA, or the client itself, is trusted.
_STRANGERS = frozenset({"unknown_issuer", "incomplete_chain"})
# What a client is told whose certificate verifies, but is none of those that are named.
_NOT_NAMED = "invalid_certificate"
_DISTRUST_US = frozenset({"client_rejected_server", "client_aborted"})
_LONGEST_NAME = 28
_MOST_LABEL = 40


class Deed(StrEnum):
    """What a button does."""

    TRUST = "trust"
    PIN = "pin"
    MAKE_SERVER = "make_server"
    EXPORT_CA = "export_ca"
    IMPORT_CA = "import_ca"
    COPY_ADDRESS = "copy_address"
    LENIENT = "lenient"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Offer:
    """One button. `certificate` is the one to trust or pin, `name` the one to make a server certificate for, or the
    address to copy. A `question` is asked in place before it is done."""

    deed: Deed
    label: str
    tip: str
    certificate: x509.Certificate | None = field(default=None, repr=False)
    name: str = ""
    question: str = ""


_LENIENT = Offer(
    Deed.LENIENT,
    "Listen leniently",
    "Take clients whatever is wrong with their certificate, and flag them",
    question="Any client is let in then, with any certificate or none. What it sends is flagged as untrusted.",
)


@dataclass(frozen=True, slots=True)
class Help:
    """The offers, the best first, and what is to be said besides; `done`: all that is to be done has been done."""

    offers: tuple[Offer, ...] = ()
    remark: str = ""
    done: bool = False


def help_for(written: NewEvent, chain: PresentedChain, around: Surroundings, now: datetime) -> Help:
    """What can be done about an event that came in."""
    reason = reason_of(written)
    if written.direction is Direction.OUT or not reason:
        return Help()
    offers = [*_about_client(reason, chain, around, now), *_about_us(reason, written, around)]
    if reason == "plain_http" and around.url.startswith("https:"):
        tip = "Put the address that the pusher should use on the clipboard"
        offers.append(Offer(Deed.COPY_ADDRESS, "Copy the https address", tip, name=around.url))
    remark, done = _remark(reason, chain, around, now)
    if not (done or around.lenient) and written.advice is not None and "--lenient" in written.advice.remedy:
        offers.append(_LENIENT)
    tip = "Show the openssl command that makes the same handshake"
    offers.append(Offer(Deed.COMMAND, "Show the openssl command", tip))
    return Help(tuple(offers), remark, done)


def pin_offer(one: Presented, around: Surroundings) -> Offer:
    """Let this one client in by its fingerprint."""
    question = ""
    if not around.allowed and around.accepted:
        issuers = ", ".join(
            cut(short_name(certificate), _LONGEST_NAME) for certificate in around.accepted[:2]
        )
        more = " and others" if around.accepted[2:] else ""
        question = (
            f"Once one client is pinned, only pinned clients are let in: other clients of {issuers}{more} are "
            "turned away until they are pinned too."
        )
    return Offer(
        Deed.PIN,
        "Pin this client",
        f"Let in {one.title} by its certificate's fingerprint, whoever issued it",
        certificate=one.certificate,
        question=question,
    )


def trust_offer(certificate: x509.Certificate) -> Offer:
    """Let in whom a certificate vouches for."""
    name = short_name(certificate)
    if is_ca(certificate):
        tip = f"Keep {name} in the vault and let in the clients that it issued"
        return Offer(Deed.TRUST, f"Trust {cut(name, _LONGEST_NAME)}", tip, certificate)
    tip = f"Keep {name} in the vault and let in the client that shows it, besides those let in now"
    return Offer(Deed.TRUST, "Trust this certificate", tip, certificate)


def _about_client(reason: str, chain: PresentedChain, around: Surroundings, now: datetime) -> Iterator[Offer]:
    if not chain.certificates:
        if reason == "no_client_certificate" and not around.accepted:
            yield _import_offer()
        return
    leaf = chain.certificates[0]
    trusted = _is_trusted(chain, around)
    if reason in _STRANGERS and not trusted:
        anchor = anchor_to_trust(chain, around, now)
        yield trust_offer(anchor) if anchor is not None else _import_offer()
    stranger = reason in _STRANGERS and not (trusted and _is_named(leaf, around))
    not_named = reason == _NOT_NAMED and trusted and bool(around.allowed)
    if (stranger or not_named) and not around.allowed.pins(leaf.facts.fingerprint_sha256):
        yield pin_offer(leaf, around)


def _is_trusted(chain: PresentedChain, around: Surroundings) -> bool:
    """Whether a CA that is accepted now stands behind what was sent."""
    sent = linked(chain)
    return any(one.trusted for one in sent) or any(
        issued_by(sent[-1].certificate, certificate) for certificate in around.accepted
    )


def _is_named(leaf: Presented, around: Surroundings) -> bool:
    """Whether a client is let in, once its certificate verifies."""
    return around.allowed.lets_in(leaf.facts.fingerprint_sha256, leaf.facts.subject)


def _import_offer() -> Offer:
    tip = "Choose the file of the CA that issued the client's certificate"
    return Offer(Deed.IMPORT_CA, "Import its CA…", tip)


def _about_us(reason: str, written: NewEvent, around: Surroundings) -> Iterator[Offer]:
    connection = written.connection
    if connection is None or written.kind is not Kind.HANDSHAKE:
        return
    tls = connection.tls
    hello_sent = tls is not None and tls.version is not None
    if reason not in _DISTRUST_US or not (hello_sent or reason == "client_rejected_server"):
        return
    if around.own_ca:
        tip = "Save our CA's certificate for the other side to trust"
        yield Offer(Deed.EXPORT_CA, "Export our CA…", tip)
    name = (tls.sni if tls is not None else None) or host_of(connection.local)
    if name and around.own_names and not is_named(name, around.own_names):
        yield Offer(
            Deed.MAKE_SERVER,
            f"Make a server certificate for {cut(name, _MOST_LABEL)}",
            f"Have our CA issue a certificate for {name} and show it to clients from now on",
            name=name,
        )


def linked(chain: PresentedChain) -> tuple[Presented, ...]:
    """The client's own certificate and, of what was sent, its issuers up to where the chain ends."""
    found = []
    for one in chain.certificates:
        found.append(one)
        if one.link != "issued by the next":
            break
    return tuple(found)


def anchor_to_trust(chain: PresentedChain, around: Surroundings, now: datetime) -> x509.Certificate | None:
    """The certificate that would let this client in, were it trusted: the topmost valid CA that it sent, else the CA
    of the vault that issued the last one sent, else a self-signed certificate itself. None where it is not at hand."""
    sent = linked(chain)
    for one in reversed(sent[1:]):
        if one.facts.is_ca and _valid(one.certificate, now):
            return one.certificate
    for certificate in around.known:
        if certificate not in around.accepted and issued_by(sent[-1].certificate, certificate):
            return certificate
    leaf = sent[0]
    return leaf.certificate if leaf.facts.self_signed and _valid(leaf.certificate, now) else None


def _valid(certificate: x509.Certificate, now: datetime) -> bool:
    try:
        return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
    except BROKEN:
        return False


def _remark(reason: str, chain: PresentedChain, around: Surroundings, now: datetime) -> tuple[str, bool]:
    """What is to be said of what was sent, and whether that client would be let in now."""
    if not chain.certificates or reason not in (*_STRANGERS, _NOT_NAMED):
        return "", False
    sent = linked(chain)
    leaf = sent[0]
    if around.allowed.pins(leaf.facts.fingerprint_sha256):
        return "This client is pinned by now: its next connection is let in.", True
    if reason == _NOT_NAMED:
        return "", False
    if _is_trusted(chain, around):
        if not _is_named(leaf, around):
            return (
                "Its CA is trusted by now, but only clients that are named are let in: pin this one too.",
                False,
            )
        return "Its CA is trusted by now: the next connection of this client is let in.", True
    if len(sent) == 1 and anchor_to_trust(chain, around, now) is None and not leaf.facts.self_signed:
        needed = (
            f"The client sent its own certificate only. To let in all clients of {leaf.facts.issuer}, that CA's "
            "certificate is needed: ask the client's operator for it."
        )
        return needed, False
    return "", False
