"""The openssl commands that do over again what a client did whose handshake failed. Pure; imports history's model and
this room's words.

They are for people to run and to change: `client.pem`, `client.key` and `chain.pem` stand for the client's own files,
`server-ca.pem` for the CA of our server certificate and `client-ca.pem` for the CAs whose clients are taken. One
command a line, quoted for a POSIX shell.
"""

from __future__ import annotations

import shlex
from ipaddress import ip_address
from urllib.parse import urlsplit

from inspector.history.model import ClientOffer, NewEvent, TlsFacts
from inspector.listener.bind import is_everywhere
from inspector.listener.tls_names import OPENSSL_CIPHERS

_DEFAULT_PORT = 443
_VERSION_OPTIONS = {
    "SSLv2": "-tls1",  # neither of the two is built into openssl any more: the oldest that is
    "SSLv3": "-tls1",
    "TLSv1": "-tls1",
    "TLSv1.1": "-tls1_1",
    "TLSv1.2": "-tls1_2",
    "TLSv1.3": "-tls1_3",
}
# From security level 1 on openssl shows no weak key and speaks no old version.
_ANY_STRENGTH = "DEFAULT@SECLEVEL=0"
_WITHOUT_CERTIFICATE = frozenset(
    {
        "no_client_certificate",
        "no_shared_cipher",
        "protocol_version",
        "plain_http",
        "not_tls",
        "client_rejected_server",
    }
)
_SHOW = ["openssl", "x509", "-in", "client.pem", "-noout"]
_VERIFY = ["openssl", "verify", "-purpose", "sslclient", "-CAfile", "client-ca.pem"]


def openssl_commands(event: NewEvent, url: str) -> str:
    """The commands for a refused handshake of the listener at `url`, one a line. The first goes through the same
    handshake, the others look closer at what it failed of."""
    return "\n".join(_handshake(event, url) + _closer_look(event, url))


def _handshake(event: NewEvent, url: str) -> list[str]:
    tls = (event.connection.tls if event.connection is not None else None) or TlsFacts()
    command = [*_connect(event, url, tls), *_version(tls)]
    if event.reason == "no_shared_cipher":
        command += _ciphers(tls.offer or ClientOffer())
    elif event.reason in ("protocol_version", "weak_key"):
        command += ["-cipher", _ANY_STRENGTH]
    if event.reason not in _WITHOUT_CERTIFICATE and _showed_a_certificate(event):
        command += ["-cert", "client.pem", "-key", "client.key"]
        if _has_chain(event):
            command += ["-cert_chain", "chain.pem"]
    command += ["-CAfile", "server-ca.pem"]
    if event.reason == "client_rejected_server":
        command += [*_expected_name(url, tls), "-verify_return_error"]
    # Without it openssl may leave before it has read the alert.
    command += ["-ign_eof"]
    return [shlex.join(command)]


def _closer_look(event: NewEvent, url: str) -> list[str]:
    match event.reason:
        case "expired" | "not_yet_valid":
            return [
                shlex.join([*_SHOW, "-subject", "-dates"]),
                *([shlex.join(_verify(event))] if _has_chain(event) else []),
            ]
        case "unknown_issuer" | "incomplete_chain" | "invalid_certificate":
            return [
                shlex.join([*_SHOW, "-subject", "-issuer", "-fingerprint", "-sha256"]),
                shlex.join(_verify(event)),
            ]
        case "wrong_purpose":
            return [shlex.join([*_SHOW, "-purpose", "-ext", "keyUsage,extendedKeyUsage"])]
        case "weak_key":
            return [shlex.join([*_SHOW, "-text"])]
        case "revoked":
            command = [*_verify(event)[:-1], "-crl_check_all", "-CRLfile", "crl.pem", "client.pem"]
            return [shlex.join([*_SHOW, "-subject", "-serial"]), shlex.join(command)]
        case "bad_signature":
            return [
                shlex.join(_verify(event)),
                f"{shlex.join([*_SHOW, '-pubkey'])} | openssl sha256",
                "openssl pkey -in client.key -pubout | openssl sha256",
            ]
        case "client_rejected_server":
            tls = (event.connection.tls if event.connection is not None else None) or TlsFacts()
            wanted = ["-noout", "-subject", "-issuer", "-dates", "-ext", "subjectAltName"]
            return [
                f"{shlex.join(_connect(event, url, tls))} </dev/null | {shlex.join(['openssl', 'x509', *wanted])}"
            ]
        case "plain_http":
            return [shlex.join(["curl", "-v", f"http://{_authority(event, url)}/"])]
    return []


def _verify(event: NewEvent) -> list[str]:
    return [*_VERIFY, *(["-untrusted", "chain.pem"] if _has_chain(event) else []), "client.pem"]


def _connect(event: NewEvent, url: str, tls: TlsFacts) -> list[str]:
    command = ["openssl", "s_client", "-connect", _authority(event, url)]
    if tls.sni:
        command += ["-servername", tls.sni]
    elif tls.offer is not None:
        command += ["-noservername"]
    if tls.offer is not None and tls.offer.alpn:
        command += ["-alpn", ",".join(tls.offer.alpn)]
    return command


def _version(tls: TlsFacts) -> list[str]:
    """The version that was settled on, else the newest that the client offered."""
    offered = tls.offer.versions if tls.offer is not None else ()
    wanted = tls.version or next((version for version in offered if version in _VERSION_OPTIONS), None)
    option = _VERSION_OPTIONS.get(wanted or "")
    return [option] if option else []


def _ciphers(offer: ClientOffer) -> list[str]:
    """What the client offered, as far as openssl can offer it."""
    named = [OPENSSL_CIPHERS[name] for name in offer.ciphers if name in OPENSSL_CIPHERS]
    newer = [name for name in named if name.startswith("TLS_")]
    older = [name for name in named if not name.startswith("TLS_")]
    options = []
    if newer and "TLSv1.3" in offer.versions:
        options += ["-ciphersuites", ":".join(newer)]
    if older:
        options += ["-cipher", ":".join([*older, "@SECLEVEL=0"])]
    return options


def _expected_name(url: str, tls: TlsFacts) -> list[str]:
    """Have openssl check the name that the client connected to."""
    name = tls.sni or urlsplit(url).hostname or ""
    try:
        ip_address(name)
    except ValueError:
        return ["-verify_hostname", name] if name else []
    return ["-verify_ip", name]


def _authority(event: NewEvent, url: str) -> str:
    """`host:port` to connect to. Where the listener takes all addresses, the one that this client used."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or _DEFAULT_PORT
    if is_everywhere(host) and event.connection is not None and event.connection.local:
        return event.connection.local
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _showed_a_certificate(event: NewEvent) -> bool:
    return event.connection is not None and event.connection.certificate is not None


def _has_chain(event: NewEvent) -> bool:
    certificate = event.connection.certificate if event.connection is not None else None
    return certificate is not None and len(certificate.chain) > 1
