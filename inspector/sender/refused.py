"""Why a server turned us down, told to people: its TLS alert, seen together with what it asked and what we
gave.

Imports `inspector.certificates` and the sender's records.
"""

from __future__ import annotations

import re

from inspector.certificates.describe import describe
from inspector.certificates.model import CertificateFacts
from inspector.certificates.verdicts import alert_name
from inspector.sender.facts import issuer_names
from inspector.sender.model import SendFailure
from inspector.sender.trouble import Trouble

_ALERTS = frozenset(alert_name(number) for number in range(256))
# OpenSSL names a received alert as in TLSV1_ALERT_UNKNOWN_CA, but also as in TLSV1_UNRECOGNIZED_NAME.
_REASON = re.compile(r"(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?([A-Z_]+)")
_MOST_ISSUERS = 4

# Alerts that a server may mean to say "I miss your certificate".
_MISSING = {
    "access_denied",
    "bad_certificate",
    "certificate_required",
    "certificate_unknown",
    "handshake_failure",
    "no_certificate",
    "unknown_ca",
}
_IDENTITY = "Choose the client's identity with --identity NAME, or --cert FILE --key FILE."
_LOG = "The server's log says more."

# What is meant where the server has seen our certificate: what happened, and what to do.
_OF_OUR_CERTIFICATE = {
    "access_denied": (
        "knows our certificate but does not let it in",
        "Allow it on the server, or choose an identity that is.",
    ),
    "bad_certificate": (
        "found our certificate bad: damaged, wrongly signed, or (as some servers say it) not from a CA it trusts",
        f"Check it with: push-inspector certs check NAME --client. {_LOG}",
    ),
    "certificate_revoked": ("says that our certificate was revoked", "Get a new one from its CA."),
    "certificate_unknown": (
        "did not accept our certificate and says no more (Java servers: of any CA that they don't trust)",
        f"Check that the server trusts its CA, and: push-inspector certs check NAME --client. {_LOG}",
    ),
    "decrypt_error": (
        "could not verify our signature: our key may belong to another certificate",
        "Check the identity with: push-inspector certs check NAME --client.",
    ),
    "handshake_failure": (
        "broke off after it asked for our certificate; some servers refuse a certificate so",
        f"Check the identity with: push-inspector certs check NAME --client. {_LOG}",
    ),
    "internal_error": ("had an error of its own when it looked at our certificate", _LOG),
}
_OF_TLS = {
    "handshake_failure": (
        "found nothing in common to speak: no cipher, key exchange or signature",
        "Let the server take TLS 1.2 with ECDHE and AES-GCM, or TLS 1.3.",
    ),
    "insufficient_security": (
        "finds our ciphers too weak",
        "Let the server take AES-GCM with 128 bits or more.",
    ),
    "internal_error": ("had an error of its own", _LOG),
    "no_application_protocol": (
        "does not speak HTTP/1.1 (by ALPN), which the pusher does",
        "Let the server offer http/1.1.",
    ),
    "protocol_version": (
        "speaks no version of TLS that is still safe (1.2 or 1.3)",
        "Switch TLS 1.2 or 1.3 on there.",
    ),
    "unrecognized_name": (
        "does not know the host name it was asked for (SNI)",
        "Send to a name that the server is set up for.",
    ),
}


def alert_of(trouble: Trouble) -> str | None:
    """The name of the fatal alert that the server sent, None where it sent none."""
    if trouble.handshake.alert is not None:
        return trouble.handshake.alert
    # Where the handshake could not be watched, OpenSSL's reason has it too:
    # TLSV13_ALERT_CERTIFICATE_REQUIRED.
    match = _REASON.fullmatch(getattr(trouble.system, "reason", None) or "")
    name = match[1].lower() if match else ""
    return name if name in _ALERTS else None


def refused(trouble: Trouble, alert: str) -> SendFailure:
    """The failure for a server that sent `alert`."""
    handshake = trouble.handshake
    if alert == "certificate_required" or (handshake.asked and not handshake.presented and alert in _MISSING):
        what, next_step = _nothing_presented(trouble)
    elif handshake.presented and trouble.identity is not None:
        what, next_step = _certificate_refused(alert, describe(trouble.identity.leaf), trouble)
    elif alert == "protocol_version" and trouble.tls_versions[0] == trouble.tls_versions[1]:
        only = trouble.tls_versions[0]
        what = f"does not speak TLS {only}, and nothing else is allowed here"
        next_step = f"Switch TLS {only} on there, or allow another version here (--tls-min, --tls-max)."
    else:
        what, next_step = _OF_TLS.get(alert, ("broke off TLS", _LOG))
    return SendFailure(
        "tls_refused",
        f"The server {what} (TLS alert {alert}).",
        next_step,
        detail=trouble.detail,
        alert=alert,
    )


def _nothing_presented(trouble: Trouble) -> tuple[str, str]:
    those = takes(trouble)
    if trouble.identity is None:
        return (f"wants a client certificate, and none was sent{those}", _IDENTITY)
    if trouble.handshake.presented:
        return (f"says that a certificate is missing, though ours was sent{those}", _LOG)
    key = describe(trouble.identity.leaf).key
    return (
        f"wants a client certificate signed in a way that ours ({key}) can't, so none was sent{those}",
        "Choose an identity with another kind of key, RSA or ECDSA P-256.",
    )


def _certificate_refused(alert: str, ours: CertificateFacts, trouble: Trouble) -> tuple[str, str]:
    those = takes(trouble)
    if alert == "unknown_ca":
        return (
            f"does not trust the CA of our certificate: {ours.subject} comes from {ours.issuer}{those}",
            "Let the server trust that CA for clients, or choose an identity of one it trusts, intermediates and all.",
        )
    if alert == "certificate_expired":
        when = f"ended at {ours.not_after}" if ours.days_left < 0 else f"lasts until {ours.not_after}"
        rest = "" if ours.days_left < 0 else "; look at its CA, and at the server's clock"
        return (
            f"finds our certificate expired: {ours.subject} {when}{rest}",
            "Renew it, or choose another identity.",
        )
    if alert == "unsupported_certificate":
        purpose = "" if "client" in ours.purposes else f": {ours.subject} is not meant for clients"
        return (
            f"does not take our kind of certificate{purpose}",
            "Choose an identity whose extended key usage has clientAuth, with an RSA or ECDSA P-256 key.",
        )
    if alert in _OF_OUR_CERTIFICATE:
        what, next_step = _OF_OUR_CERTIFICATE[alert]
        return (f"{what}; ours is {ours.subject} from {ours.issuer}{those}", next_step)
    return _OF_TLS.get(alert, ("broke off TLS", _LOG))


def takes(trouble: Trouble) -> str:
    """`; it takes those from CN=…`: the CAs that the server named, for the end of a sentence; empty for none."""
    names = issuer_names(trouble.handshake)
    if not names:
        return ""
    more = f" and {len(names) - _MOST_ISSUERS} more" if len(names) > _MOST_ISSUERS else ""
    return f"; it takes those from {'; '.join(names[:_MOST_ISSUERS])}{more}"
