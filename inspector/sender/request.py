"""Where to send and as whom, in the words of the command line, the window and saved targets. Frozen; light to import;
no I/O. Imports the standard library and history's records."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from inspector.certificates.kept import KEPT
from inspector.history.model import Headers

__all__ = ["FROM_ENVIRONMENT", "KEPT", "TLS_VERSIONS", "SendRequest", "TrustKind"]

TLS_VERSIONS = ("1.2", "1.3")
FROM_ENVIRONMENT = "environment"
"""As a proxy: the one that the variables HTTPS_PROXY and HTTP_PROXY name, with NO_PROXY; asked for, never by itself."""


class TrustKind(StrEnum):
    """Whom we trust as the server: the OS trust store and the CAs in the vault, one of the two, the CA files alone,
    exactly one certificate, or anybody."""

    USUAL = "usual"
    SYSTEM = "system"
    VAULT = "vault"
    FILES = "files"
    PIN = "pin"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SendRequest:
    """Where to send and as whom.

    `identity` names one of the vault's; empty means none. `ca_files` are looked at with `TrustKind.FILES` alone, and
    `pin` (a SHA-256 fingerprint in any of the usual ways to write it, or the certificate as PEM) with `TrustKind.PIN`
    alone. `tls_min` and `tls_max` are out of `TLS_VERSIONS`. `timeout` is seconds for each phase, `connect_timeout` for
    those until the connection stands (resolve, connect, TLS), None: as `timeout`. `proxy` is the URL of an HTTP proxy,
    as in http://proxy.example.com:3128, or `FROM_ENVIRONMENT`; empty means none.

    `basic_password`, `proxy_password` and the values of the headers in `secret_headers` (names, in any case) are
    secret. Each may be `KEPT`: the vault has it for the saved target whose id is `secrets_of`.
    """

    url: str
    identity: str = ""
    trust: TrustKind = TrustKind.USUAL
    ca_files: tuple[Path, ...] = ()
    pin: str = ""
    tls_min: str = "1.2"
    tls_max: str = "1.3"
    basic_user: str = ""
    basic_password: str = field(default="", repr=False)
    headers: Headers = field(default=(), repr=False)
    secret_headers: tuple[str, ...] = ()
    timeout: float = 30.0
    connect_timeout: float | None = None
    proxy: str = ""
    proxy_user: str = ""
    proxy_password: str = field(default="", repr=False)
    secrets_of: str = ""
