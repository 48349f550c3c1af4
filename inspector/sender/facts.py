"""A connection as the history keeps it, and what the server wanted to know of us.

Imports cryptography, `inspector.certificates` and history's records.
"""

from __future__ import annotations

import ipaddress
import ssl
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography import x509

from inspector.certificates.describe import BROKEN, UNREADABLE, describe, distinguished_name
from inspector.history.model import Certificate, Connection, TlsFacts
from inspector.sender.handshake import Handshake
from inspector.sender.model import ClientAuth

if TYPE_CHECKING:
    from inspector.sender.wire import Stream

# A request for a certificate (PKCS#10) around a name, which is the way to have cryptography read a bare one:
# version, the name, a public key (Ed25519, of zeros) and no attributes; then a signature of no meaning.
_VERSION = bytes.fromhex("020100")
_KEY = bytes.fromhex("302a300506032b6570032100") + bytes(32) + bytes.fromhex("a000")
_SIGNATURE = bytes.fromhex("300506032b6570030100")


def connection_of(stream: Stream, *, checked: bool, distrusted: bool) -> Connection:
    """The facts of a connection as it is now. `checked`: the server's certificate had to pass;
    `distrusted`: it did not."""
    if stream.tls is None or stream.handshake is None:
        return Connection(stream.peer, stream.local, via=stream.via)
    trusted = True if checked and stream.established else None
    if not checked or distrusted:
        trusted = False
    chain = stream.handshake.chain or _chain_of(stream.tls)
    return Connection(
        stream.peer,
        stream.local,
        certificate=_certificate(chain) if chain else None,
        trusted=trusted if chain else None,
        tls=_tls_facts(stream, stream.tls, stream.handshake),
        via=stream.via,
    )


def client_auth(stream: Stream | None) -> ClientAuth | None:
    """What the server asked of us, None where the handshake could not be watched or we had no occasion to
    answer."""
    handshake = stream.handshake if stream is not None else None
    if stream is None or handshake is None or not handshake.chain:
        return None
    if not stream.established and handshake.alert is None:
        return None
    return ClientAuth(handshake.asked, handshake.presented, issuer_names(handshake))


def issuer_names(handshake: Handshake) -> tuple[str, ...]:
    """The names of the CAs that the server takes clients from, as texts."""
    return tuple(_name(der) for der in handshake.issuers)


def _tls_facts(stream: Stream, tls: ssl.SSLObject, handshake: Handshake) -> TlsFacts:
    cipher = tls.cipher() if stream.established else None
    return TlsFacts(
        version=(tls.version() if stream.established else None) or handshake.version,
        cipher=cipher[0] if cipher else None,
        sni=stream.server_name if stream.server_name and not _is_address(stream.server_name) else None,
        alpn=tls.selected_alpn_protocol() if stream.established else None,
    )


def _chain_of(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The server's certificate from `ssl` itself, for where the handshake could not be watched."""
    try:
        leaf = tls.getpeercert(binary_form=True)
    except ValueError:  # no handshake yet
        return ()
    return (leaf,) if leaf else ()


def _certificate(chain: tuple[bytes, ...]) -> Certificate:
    try:
        facts = describe(x509.load_der_x509_certificate(chain[0]))
    except BROKEN:
        fingerprint = sha256(chain[0]).hexdigest()
        return Certificate(UNREADABLE, UNREADABLE, fingerprint, UNREADABLE, UNREADABLE, chain)
    return Certificate(
        subject=facts.subject,
        issuer=facts.issuer,
        fingerprint_sha256=facts.fingerprint_sha256,
        not_before=facts.not_before,
        not_after=facts.not_after,
        chain=chain,
    )


def _name(der: bytes) -> str:
    info = _sequence(_VERSION + der + _KEY)
    try:
        return distinguished_name(x509.load_der_x509_csr(_sequence(info + _SIGNATURE)).subject)
    except ValueError:
        return UNREADABLE


def _sequence(content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2)
    return b"\x30" + length + content


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
