"""What is handed over with a client's identity: the two files for LivePerson, and what the push proxy needs to take it.

Imports cryptography and, of the package, `inspector.errors` and the certificates' own modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore

from inspector.certificates.chain import order, unique
from inspector.certificates.describe import is_self_signed, issuer, purposes, short_name
from inspector.certificates.export import chain_pem, exists, export_pem, unwritable
from inspector.certificates.files import write_whole
from inspector.certificates.model import Identity
from inspector.certificates.snippets import SERVERS, TRUSTSTORE_PASSWORD, snippet
from inspector.errors import CertificateError


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A file that was written: where, who gets it, and what it is for."""

    path: Path
    receiver: str
    meaning: str


LIVEPERSON, PROXY, YOU = "LivePerson", "the push proxy", "you"


def file_names(prefix: str) -> tuple[tuple[str, str, str], ...]:
    """The names of the files that `hand_over` writes, in its order, each with who gets it and what it is for."""
    return (
        (
            f"{prefix}Key.pem",
            LIVEPERSON,
            "the client's private key: hand it over in a safe way, and to nobody else",
        ),
        (f"{prefix}Crt.pem", LIVEPERSON, "the client's certificate, with its intermediate issuers"),
        (f"{prefix}CA.pem", PROXY, "the CA that the proxy verifies client certificates with, as PEM"),
        (
            f"{prefix}Trust.p12",
            PROXY,
            f"the same for Java, a PKCS#12 trust store; its password is {TRUSTSTORE_PASSWORD}",
        ),
        *(
            (f"{prefix}-{server.file}", PROXY, f"how {server.title} requires and verifies this certificate")
            for server in SERVERS
        ),
        (f"{prefix}-README.txt", YOU, "this list"),
    )


def hand_over(
    identity: Identity,
    directory: Path,
    prefix: str,
    password: str | None = None,
    *,
    known: Sequence[x509.Certificate] = (),
    replace: bool = False,
) -> tuple[HandedOver, ...]:
    """Write all of it to a folder, the key with mode 0600 and encrypted where there is a password. `known` are CAs in
    which the issuers are looked for besides the identity's own chain. Nothing is overwritten without `replace`. Raises
    CertificateError (`exists`, `unwritable`, `invalid_name`, `no_issuer`, `wrong_purpose`,
    `expired`)."""
    _require_client(identity)
    chain = order(identity.leaf, unique((*identity.chain[1:], *known)))
    anchors = anchors_for(identity, known)
    names = file_names(prefix)
    paths = [directory / name for name, _receiver, _meaning in names]
    if not replace:
        for path in paths:
            if path.exists():
                raise exists(path)
    export_pem(identity, directory, prefix, password, replace=replace)
    contents = (
        chain_pem(anchors),
        truststore(anchors),
        *(snippet(server, chain, prefix=prefix).encode() for server in SERVERS),
        _read_me(identity, names, encrypted=password is not None).encode(),
    )
    try:
        for path, content in zip(paths[2:], contents, strict=True):
            write_whole(path, content, mode=0o644)
    except OSError as error:
        raise unwritable(directory, error) from error
    return tuple(
        HandedOver(path, receiver, meaning)
        for path, (_name, receiver, meaning) in zip(paths, names, strict=True)
    )


def _require_client(identity: Identity) -> None:
    """The key of a CA, or of a server, must never go to LivePerson by mistake; nor one whose time is over."""
    if identity.leaf.not_valid_after_utc < datetime.now(UTC):
        raise CertificateError(
            f"{identity.name} expired on {_day(identity.leaf)}: no push proxy takes it any more.",
            f"Renew it first: push-inspector certs renew {identity.name}",
            code="expired",
        )
    allowed = purposes(identity.leaf)
    if "client" in allowed:
        return
    what = "a CA's" if "ca" in allowed else "a server's" if "server" in allowed else "no client's"
    raise CertificateError(
        f"{identity.name} is {what} identity: LivePerson presents a client's, and must not have this key.",
        "Hand over a client's; push-inspector certs create-client NAME makes one, push-inspector certs csr NAME asks"
        " your CA for one.",
        code="wrong_purpose",
    )


def anchors_for(identity: Identity, known: Sequence[x509.Certificate] = ()) -> tuple[x509.Certificate, ...]:
    """What a proxy must trust to take this client: its issuers up to the root, as far as they are known, or itself
    where it is self-signed. Raises CertificateError (`no_issuer`)."""
    chain = order(identity.leaf, unique((*identity.chain[1:], *known)))
    if len(chain) > 1:
        return chain[1:]
    if is_self_signed(identity.leaf):
        return chain
    raise CertificateError(
        f"The CA that issued {identity.name}, {issuer(identity.leaf)}, is not in the vault, and a proxy must trust it.",
        "Ask whoever issued the certificate for the CA's certificate, and import that.",
        code="no_issuer",
    )


def truststore(anchors: Sequence[x509.Certificate]) -> bytes:
    """A PKCS#12 trust store as Java reads it: certificates alone, each marked as trusted. There is no secret in it; it
    has the password that Java's own has, because Java wants one."""
    return serialize_java_truststore(
        [PKCS12Certificate(cert, short_name(cert).encode()) for cert in anchors],
        BestAvailableEncryption(TRUSTSTORE_PASSWORD.encode()),
    )


def _read_me(identity: Identity, names: Sequence[tuple[str, str, str]], *, encrypted: bool) -> str:
    lines = [
        f"The client certificate {short_name(identity.leaf)}, valid until {_day(identity.leaf)}.",
        "",
        f"The private key is {'encrypted: tell its password apart from the file' if encrypted else 'not encrypted'}.",
        "",
    ]
    for receiver in (LIVEPERSON, PROXY, YOU):
        lines.append(f"For {receiver}:")
        lines += [f"  {name}: {meaning}" for name, who, meaning in names if who == receiver]
        lines.append("")
    return "\n".join(lines)


def _day(cert: x509.Certificate) -> str:
    return f"{cert.not_valid_after_utc:%Y-%m-%d}"
