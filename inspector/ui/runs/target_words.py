"""A target in one line of words. Pure; imports the words for sending."""

from __future__ import annotations

from inspector.contract.masking import mask_url
from inspector.sender.request import FROM_ENVIRONMENT, SendRequest, TrustKind

_TRUST = {
    TrustKind.PIN: "one certificate pinned",
    TrustKind.NOTHING: "their certificate not checked",
    TrustKind.FILES: "CAs from files",
    TrustKind.SYSTEM: "the system’s CAs alone",
    TrustKind.VAULT: "the vault’s CAs alone",
}


def where_words(request: SendRequest) -> str:
    """Where to, as whom, and what is not as usual."""
    parts = [mask_url(request.url), f"as {request.identity}" if request.identity else "without a certificate"]
    if request.trust in _TRUST:
        parts.append(_TRUST[request.trust])
    if (request.tls_min, request.tls_max) != ("1.2", "1.3"):
        parts.append(f"TLS {request.tls_min} to {request.tls_max}")
    if request.proxy:
        parts.append("by the proxy of the environment" if request.proxy == FROM_ENVIRONMENT else "by a proxy")
    if request.basic_user:
        parts.append("with Basic")
    if request.headers:
        parts.append("1 header" if len(request.headers) == 1 else f"{len(request.headers)} headers")
    return " · ".join(parts)
