"""Where pushes are sent, made of what was asked for: names become certificates, texts are read and checked.

Imports the words for sending, `inspector.errors` and the contract's words for headers; the vault's parts and the
sender's lazily. No Qt.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inspector.contract.header_fields import beyond_the_pusher
from inspector.errors import CertificateError, UsageError
from inspector.sender.request import FROM_ENVIRONMENT, KEPT, TLS_VERSIONS, SendRequest, TrustKind

if TYPE_CHECKING:
    from inspector.certificates.model import Identity
    from inspector.certificates.vault import Vault
    from inspector.history.model import Headers
    from inspector.sender.model import Proxy, Target, Trust

_PROXY_EXAMPLE = "Write it as in http://proxy.example.com:3128."
_DEFAULT_PROXY_PORT = 80
_PEM = "-----BEGIN"


def target(request: SendRequest, vault: Vault | None, identity: Identity | None = None) -> Target:
    """A request with its identity, CAs and kept secrets taken from the vault (None: there is none yet). `identity`
    (from files) goes before the named one. Raises UsageError (CertificateError), StateError."""
    from inspector.sender.kept.target_secrets import resolve
    from inspector.sender.model import Target
    from inspector.sender.target import parse_url

    url = parse_url(request.url)
    _check_versions(request.tls_min, request.tls_max)
    request = resolve(request, vault.secret if vault is not None else _nothing_kept)
    if vault is not None and identity is None and request.identity:
        identity = vault.identity(request.identity)
    return Target(
        url=url,
        identity=identity,
        trust=trust(request, vault),
        basic_user=request.basic_user,
        basic_password=request.basic_password,
        headers=request.headers,
        timeout=request.timeout,
        connect_timeout=request.connect_timeout,
        tls_min=request.tls_min,
        tls_max=request.tls_max,
        proxy=proxy(request, url),
    )


def trust(request: SendRequest, vault: Vault | None) -> Trust:
    """Whom the request trusts. Raises UsageError (CertificateError), VaultError."""
    from inspector.certificates.read import read_anchors
    from inspector.sender.model import Trust

    cas = vault.cas() if vault is not None and request.trust in (TrustKind.USUAL, TrustKind.VAULT) else ()
    match request.trust:
        case TrustKind.NOTHING:
            return Trust(system=False, insecure=True)
        case TrustKind.PIN:
            return Trust(system=False, pin=pin(request.pin))
        case TrustKind.FILES:
            if not request.ca_files:
                raise UsageError(
                    "No CA file is named to trust the server by.", "Name one, or trust the usual CAs."
                )
            return Trust(system=False, extra_cas=read_anchors(request.ca_files))
        case TrustKind.VAULT:
            if not cas:
                raise CertificateError(
                    "The vault has no CA to trust the server by.",
                    "Import one with: push-inspector certs import CA.pem --name NAME",
                    code="no_ca",
                )
            return Trust(system=False, extra_cas=cas)
    return Trust(extra_cas=cas)


def pin(text: str) -> str:
    """The SHA-256 fingerprint (lower-case hex) of the certificate that is pinned: from a fingerprint, or from PEM, of
    which the leaf counts. Raises UsageError (CertificateError)."""
    from inspector.certificates.fingerprint_text import fingerprint

    if not text.strip():
        raise UsageError(
            "No certificate is pinned.", "Give its SHA-256 fingerprint, or the certificate as a file."
        )
    if _PEM not in text:
        return fingerprint(text)
    from inspector.certificates.describe import fingerprint as fingerprint_of
    from inspector.certificates.read import read
    from inspector.certificates.sources import Source

    return fingerprint_of(read([Source("the pinned certificate", text.encode())], skip_locked_keys=True).leaf)


def pin_of_file(path: Path) -> str:
    """The fingerprint of the certificate in a file (PEM or DER), of its leaf where there are several. Raises
    CertificateError."""
    from inspector.certificates.describe import fingerprint
    from inspector.certificates.read import read_files

    return fingerprint(read_files([path], skip_locked_keys=True).leaf)


def proxy(request: SendRequest, url: str) -> Proxy | None:
    """The HTTP proxy on the way to `url`, None for none. Raises UsageError."""
    from inspector.sender.model import Proxy

    text, user, password = request.proxy.strip(), request.proxy_user, request.proxy_password
    if text == FROM_ENVIRONMENT:
        text, user, password = _from_environment(url, user, password)
    if not text:
        return None
    parts = _proxy_parts(text)
    if ":" in user:
        raise UsageError("A user of the proxy can't have a colon in the name.", "Use another user.")
    if not (user + password).isprintable():
        raise UsageError(
            "The proxy's user or password has a control character in it, a line end perhaps.",
            "Set it again without the line end.",
        )
    return Proxy(parts[0], parts[1], user, password)


def proxy_fault(text: str) -> UsageError | None:
    """What is wrong with a proxy as typed; None for nothing, as for no proxy at all."""
    if text.strip() in ("", FROM_ENVIRONMENT):
        return None
    try:
        _proxy_parts(text.strip())
    except UsageError as error:
        return error
    return None


def header_warnings(headers: Headers) -> tuple[str, ...]:
    """What LivePerson's pusher could not send of a target's own headers: a sentence each, without values."""
    return beyond_the_pusher([(name, "" if value == KEPT else value) for name, value in headers])


def _nothing_kept(_name: str) -> None:
    """The secrets of a home that has no vault."""


def _proxy_parts(text: str) -> tuple[str, int]:
    from inspector.sender.target import parse_url

    scheme = text.partition("://")[0].lower() if "://" in text else "http"
    if scheme != "http":
        raise UsageError(f"Only an HTTP proxy can be gone through, not one by {scheme}.", _PROXY_EXAMPLE)
    if "@" in text.partition("://")[2 if "://" in text else 0]:
        raise UsageError(
            "The proxy's URL has a user in it; that would put the password where everybody sees it.",
            "Leave it out and use: --proxy-user USER --proxy-password-env VARIABLE.",
        )
    try:
        parts = urlsplit(parse_url(text if "://" in text else f"http://{text}"))
    except UsageError as error:
        raise UsageError(f"The proxy can't be used: {error.message}", _PROXY_EXAMPLE) from error
    return parts.hostname or "", parts.port or _DEFAULT_PROXY_PORT


def _from_environment(url: str, user: str, password: str) -> tuple[str, str, str]:
    """The proxy that the environment's variables name for `url`, with the user that may stand in its URL."""
    from urllib.parse import unquote
    from urllib.request import getproxies_environment, proxy_bypass

    parts = urlsplit(url)
    proxies = getproxies_environment()
    text = proxies.get(parts.scheme) or proxies.get("all") or ""
    if not text or proxy_bypass(parts.netloc):
        return "", "", ""
    scheme, slashes, rest = text.rpartition("://")
    own, at, place = rest.rpartition("@")
    if at and not user:
        named, _, secret = own.partition(":")
        user, password = unquote(named), unquote(secret)
    return f"{scheme}{slashes}{place}", user, password


def _check_versions(least: str, most: str) -> None:
    for version in (least, most):
        if version not in TLS_VERSIONS:
            raise UsageError(f"TLS {version} can't be spoken here.", f"Give {' or '.join(TLS_VERSIONS)}.")
    if TLS_VERSIONS.index(least) > TLS_VERSIONS.index(most):
        raise UsageError(
            f"There is no TLS version from {least} to {most}.", "Let the least be no later than the latest."
        )
