"""Why we don't trust a server, told to people. Imports cryptography and `inspector.certificates`."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

from cryptography import x509

from inspector.certificates.describe import BROKEN, describe
from inspector.certificates.model import CertificateFacts
from inspector.sender.model import SendFailure
from inspector.sender.pinning import PinMismatchError
from inspector.sender.trouble import Trouble

# OpenSSL's X509_V_ERR_* (x509_vfy.h), stable over all its versions.
_NOT_YET_VALID, _EXPIRED = 9, 10
_SELF_SIGNED, _SELF_SIGNED_IN_CHAIN = 18, 19
_NO_ISSUER = {2, 20, 21, 27}
_WRONG_PURPOSE = {26, 28}
_OTHER_NAME = {62, 64}
_WEAK = {66, 67, 68}
_MOST_NAMES = 6

_TRUST_IT = (
    "If it is the right server, trust its CA with --ca FILE, or import that with: push-inspector certs import FILE "
    "--name NAME. With --insecure nothing is checked."
)


def untrusted(trouble: Trouble, error: ssl.SSLCertVerificationError) -> SendFailure:
    """The failure for a server certificate that was not accepted."""
    if isinstance(error, PinMismatchError):
        return _not_pinned(error)
    chain = [facts for der in trouble.handshake.chain if (facts := _facts(der)) is not None]
    # Not set where the OS has verified instead of OpenSSL.
    code = getattr(error, "verify_code", 0)
    text = getattr(error, "verify_message", "") or str(error)
    message, next_step = _explain(code, text, chain, trouble)
    return SendFailure(
        "tls_untrusted", message, next_step, detail=f"{text} (verify error {code})" if code else text
    )


def _not_pinned(error: PinMismatchError) -> SendFailure:
    if not error.presented:
        return SendFailure(
            "tls_untrusted", "The server presented no certificate.", "Check the port.", str(error)
        )
    return SendFailure(
        "tls_untrusted",
        f"The server's certificate is not the pinned one: it has SHA-256 {error.presented}.",
        "If the server was given a new certificate, pin that; else this is not the server that was meant.",
        f"pinned {error.pinned}",
    )


def _explain(code: int, text: str, chain: list[CertificateFacts], trouble: Trouble) -> tuple[str, str]:
    leaf = chain[0] if chain else None
    if code in _OTHER_NAME:
        return other_name(leaf.names if leaf else (), trouble.host)
    if code in (_EXPIRED, _NOT_YET_VALID):
        return _out_of_time(code, chain)
    if code == _SELF_SIGNED:
        return (
            f"The server's certificate is self-signed{_of(leaf)}, and nothing here says to trust it.",
            _TRUST_IT,
        )
    if code == _SELF_SIGNED_IN_CHAIN:
        root = chain[-1].subject if chain else "a CA of its own"
        return (
            f"The server's certificate{_of(leaf)} comes from {root}, which is not trusted here.",
            _TRUST_IT,
        )
    if code in _NO_ISSUER:
        return _no_issuer(chain)
    if code in _WRONG_PURPOSE:
        return (
            f"The server's certificate{_of(leaf)} is not meant for servers.",
            "Give the server a certificate with the extended key usage serverAuth.",
        )
    if code in _WEAK:
        key = f" ({leaf.key}, {leaf.signature})" if leaf else ""
        return (
            f"The server's certificate is too weak{key}: {text}.",
            "Give the server a certificate with an RSA key of 2048 bits or more, or ECDSA P-256, and SHA-256.",
        )
    return (f"The server's certificate{_of(leaf)} was not accepted: {text.rstrip('.')}.", _TRUST_IT)


def other_name(names: tuple[str, ...], host: str) -> tuple[str, str]:
    """What is said, and what to do, where a certificate for `names` is not for `host`."""
    shown = ", ".join(names[:_MOST_NAMES]) + (
        f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    )
    valid = f"it is for {shown}" if names else "it names no host at all (subject alternative names)"
    return (
        f"The server's certificate is not for {host}: {valid}.",
        f"Send to a name that it is for, or give the server a certificate for {host}.",
    )


def _out_of_time(code: int, chain: list[CertificateFacts]) -> tuple[str, str]:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for number, facts in enumerate(chain):
        whose = (
            "The server's certificate"
            if number == 0
            else f"The CA certificate {facts.subject} of the server's chain"
        )
        if code == _EXPIRED and facts.not_after < now:
            return (f"{whose} expired at {facts.not_after}.", "Renew it on the server.")
        if code == _NOT_YET_VALID and facts.not_before > now:
            return (
                f"{whose} is not valid before {facts.not_before}.",
                "Check this machine's clock, and the certificate on the server.",
            )
    what = "has expired" if code == _EXPIRED else "is not valid yet"
    return (
        f"A CA certificate behind the server's {what}.",
        "Renew it on the server, or the one given with --ca FILE.",
    )


def _no_issuer(chain: list[CertificateFacts]) -> tuple[str, str]:
    if not chain:
        return ("The server's certificate comes from a CA that is not trusted here.", _TRUST_IT)
    message = (
        f"The server's certificate{_of(chain[0])} comes from {chain[-1].issuer}, which is not trusted here."
    )
    if len(chain) > 1:
        return (message, _TRUST_IT)
    return (
        f"{message} The server sent no other certificate along.",
        f"If that is an intermediate CA, the server must send it too. {_TRUST_IT}",
    )


def _of(facts: CertificateFacts | None) -> str:
    return f" ({facts.subject})" if facts and facts.subject else ""


def _facts(der: bytes) -> CertificateFacts | None:
    try:
        return describe(x509.load_der_x509_certificate(der))
    except BROKEN:
        return None
