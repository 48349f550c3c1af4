"""How to listen, in the words of the command line, the settings and the profile. Frozen; light to import; no Qt.

Imports the words for rules and for kept secrets only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.certificates.kept import KEPT
from inspector.listener.rule import Rule

if TYPE_CHECKING:
    from inspector.history.model import Headers
    from inspector.listener.config import Limits

__all__ = ["AUTHS", "KEPT", "ForwardRequest", "ListenRequest"]

AUTHS = ("mtls", "basic", "mtls+basic", "none")


@dataclass(frozen=True, slots=True)
class ForwardRequest:
    """Where pushes are passed on to, and as whom. `identity` names one of the vault's; empty means none. The client
    gets the upstream's answer, or the rule's where `returns_answer` is not set."""

    url: str
    identity: str = ""
    insecure: bool = False
    ca_files: tuple[Path, ...] = ()
    timeout: float = 30.0
    returns_answer: bool = True


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """An empty `server_identity` means the one there is, or the dev one; no `client_ca_files` means every CA of the
    vault that is trusted for clients. `expected_headers` with an empty value only need to be there.
    `proxy_protocol_from` are addresses or networks as text. The password, and values of expected headers, may be
    `KEPT`: the vault has them. The rest is as in ListenerConfig."""

    host: str = "127.0.0.1"
    port: int = 8443
    auth: str = "mtls"
    lenient: bool = False
    basic_user: str = ""
    basic_password: str = field(default="", repr=False)
    server_identity: str = ""
    client_ca_files: tuple[Path, ...] = ()
    client_fingerprints: tuple[str, ...] = ()
    client_subjects: tuple[str, ...] = ()
    crl_files: tuple[Path, ...] = ()
    expected_headers: Headers = field(default=(), repr=False)
    status: int = 200
    delay_ms: int = 0
    fail_first: int = 0
    drop: bool = False
    rules: tuple[Rule, ...] = ()
    forward: ForwardRequest | None = None
    proxy_protocol_from: tuple[str, ...] = ()
    certificate_header: str = ""
    key_log: Path | None = None
    limits: Limits | None = None
