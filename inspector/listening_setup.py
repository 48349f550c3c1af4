"""What a listener is told, made of what was asked for: names become certificates, texts are read and checked.

Imports the words for listening and for headers; the vault's parts and the listener's lazily. No Qt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.certificates.dev_names import DEV_SERVER
from inspector.certificates.fingerprint_text import fingerprint
from inspector.contract.header_fields import beyond_the_pusher, is_name
from inspector.errors import CertificateError, UsageError
from inspector.listen_request import KEPT, ForwardRequest, ListenRequest

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from cryptography import x509

    from inspector.certificates.model import Identity
    from inspector.certificates.vault import Vault
    from inspector.history.model import Headers
    from inspector.listener.config import ExpectedHeader, ListenerConfig, Upstream
    from inspector.sender.forward import OwnAddresses
    from inspector.sender.model import Target

# RFC 9110, 5.5: what may come, which is more than what should be sent.
_FIELD_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


def listener_config(request: ListenRequest, vault: Vault, upstream: Upstream | None) -> ListenerConfig:
    """A request with its identity, CAs and secrets taken from the vault. Raises CertificateError, UsageError,
    StateError."""
    from inspector.listener.config import Answer, AuthMode, Limits, ListenerConfig
    from inspector.profile import resolve

    request = resolve(request, vault.secret)
    auth = AuthMode(request.auth)
    if auth.wants_basic and not (request.basic_user and request.basic_password):
        raise UsageError(
            f"{auth.value} needs a user and a password.",
            "Write --basic-user USER --basic-password-env VARIABLE.",
            code="no_basic_password",
        )
    fingerprints = tuple(dict.fromkeys(map(fingerprint, request.client_fingerprints)))
    return ListenerConfig(
        identity=server_identity(vault, request.server_identity),
        client_cas=_client_cas(
            vault,
            request.client_ca_files,
            required=auth.wants_certificate and not request.lenient and not fingerprints,
        ),
        host=request.host,
        port=request.port,
        auth=auth,
        lenient=request.lenient,
        basic_user=request.basic_user,
        basic_password=request.basic_password,
        limits=request.limits or Limits(),
        answer=Answer(
            status=request.status,
            delay_seconds=request.delay_ms / 1000,
            fail_first=request.fail_first,
            drop=request.drop,
        ),
        known_certificates=_known_certificates(vault),
        client_fingerprints=fingerprints,
        client_subjects=_subjects(request.client_subjects),
        crls=_crls(request.crl_files),
        expected_headers=expected_headers(request.expected_headers),
        rules=request.rules,
        upstream=upstream,
        proxy_protocol_from=tuple(map(network, request.proxy_protocol_from)),
        certificate_header=_header_name(request.certificate_header) if request.certificate_header else "",
        key_log=request.key_log,
    )


def upstream(forward: ForwardRequest, target: Target, own_addresses: OwnAddresses) -> Upstream:
    """Where pushes are passed on to. Raises UsageError where that is one of our own addresses, by whatever name."""
    from inspector.listener.config import Upstream
    from inspector.sender.forward import Forwarder

    forwarder = Forwarder(target, own_addresses)
    forwarder.check()
    return Upstream(
        address=forwarder.address,
        forward=forwarder.forward,
        returns_answer=forward.returns_answer,
        mark=forwarder.mark,
        close=forwarder.close,
    )


def server_identity(vault: Vault, name: str) -> Identity:
    """The identity to listen with: the named one, else `dev-server`, else the only one that is a server's. Raises
    CertificateError, VaultError."""
    if name:
        return vault.identity(name)
    named = [entry.name for entry in vault.entries() if entry.has_key]
    if DEV_SERVER in named:
        return vault.identity(DEV_SERVER)
    from inspector.certificates.describe import purposes

    servers = [name for name in named if "server" in purposes(vault.get(name).leaf)]
    if len(servers) == 1:
        return vault.identity(servers[0])
    if not servers:
        raise CertificateError(
            "The vault has no server identity to listen with.",
            "Make the dev ones with: push-inspector certs create-dev",
            code="no_server_identity",
        )
    raise CertificateError(
        f"The vault has several server identities: {', '.join(servers)}.",
        "Name one with --server-identity NAME.",
        code="several_server_identities",
    )


def network(text: str) -> IPv4Network | IPv6Network:
    """An address or a network, `10.0.0.7` or `10.0.0.0/8`. Raises UsageError."""
    import ipaddress

    plain = text.strip()
    try:
        return ipaddress.ip_network(plain.strip("[]") if "/" not in plain else plain)
    except ValueError:
        pass
    try:
        meant = ipaddress.ip_network(plain, strict=False)
    except ValueError:
        raise UsageError(
            f"“{_shown(text)}” is no address and no network.",
            "Write it like 10.0.0.7, 10.0.0.0/8, ::1 or fd00::/8.",
            code="network",
        ) from None
    raise UsageError(
        f"“{_shown(text)}” is an address within a network, not the network itself.",
        f"Write {meant} for the whole network, or {plain.partition('/')[0]} for this address.",
        code="network",
    )


def expected_headers(headers: Headers) -> tuple[ExpectedHeader, ...]:
    """The header fields that every push should have. Raises UsageError for what no request can ever have; what only the
    pusher can't send is told by `header_warnings`."""
    from inspector.listener.config import ExpectedHeader

    found: dict[str, ExpectedHeader] = {}
    for name, value in headers:
        clean = _header_name(name)
        if clean.lower() in found:
            raise UsageError(f"The header {clean} is expected twice.", "Leave one of them out.")
        if not _FIELD_VALUE.fullmatch(value):
            raise UsageError(
                f"The value expected of {clean} has a line break or another control character.",
                "No header can have one: leave it out.",
            )
        found[clean.lower()] = ExpectedHeader(clean, value.strip() or None)
    return tuple(found.values())


def header_warnings(headers: Headers) -> tuple[str, ...]:
    """What LivePerson's pusher could not send of the headers that are expected: a sentence each, without values."""
    return beyond_the_pusher([(name, "" if value == KEPT else value) for name, value in headers])


def _header_name(name: str) -> str:
    clean = name.strip()
    if not is_name(clean):
        raise UsageError(
            f"“{_shown(name)}” can't be the name of a header.",
            "Names have letters, digits and hyphens, as in X-Brand-Key.",
        )
    return clean


def _subjects(patterns: Sequence[str]) -> tuple[str, ...]:
    for pattern in patterns:
        if "=" not in pattern and "*" not in pattern:
            raise UsageError(
                f"“{_shown(pattern)}” can't be a certificate's subject.",
                "Write it as `certs show` does, with * for any part: CN=mybrand*,O=My Brand",
            )
    return tuple(dict.fromkeys(pattern.strip() for pattern in patterns))


def _crls(files: tuple[Path, ...]) -> tuple[x509.CertificateRevocationList, ...]:
    if not files:
        return ()
    from inspector.certificates.crl import read_crls

    try:
        return read_crls(files)
    except CertificateError as error:  # its own code does not tell that it is about these files
        raise CertificateError(error.message, error.next_step, code="crl") from error


def _known_certificates(vault: Vault) -> tuple[x509.Certificate, ...]:
    from inspector.certificates.chain import unique

    return unique(cert for entry in vault.entries() for cert in (*entry.chain, *entry.extra))


def _client_cas(vault: Vault, files: tuple[Path, ...], *, required: bool) -> tuple[x509.Certificate, ...]:
    if files:
        from inspector.certificates.read import read_anchors

        return read_anchors(files)
    cas = vault.trusted_client_cas()
    if required and not cas:
        raise CertificateError(
            "No CA is trusted for clients, so every client would be turned away.",
            "Import the one that issues them with: push-inspector certs import CA.pem --name NAME --trust-clients",
            code="no_client_ca",
        )
    return cas


def _shown(text: str) -> str:
    """A short text that can't break the line."""
    clean = "".join(one if one.isprintable() else " " for one in text.strip())
    return clean if len(clean) <= 80 else f"{clean[:79]}…"
