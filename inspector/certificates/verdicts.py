"""Why a handshake failed, told to people: evidence in, one of the interface's reasons and advice out.

Pure: no I/O and no clock of its own. Imports cryptography and this room's advice, hints, allow list and CRLs.

The rules, first match wins:

1.  The client's first bytes are an HTTP request: `plain_http`; an alert in place of a ClientHello:
    `client_aborted`; nothing else that TLS knows: `not_tls`.
2.  OpenSSL's verification of the client's certificate failed: the reason of that error code
    (`_VERIFY_REASONS`). "Issuer not found" is `incomplete_chain` where `missing_intermediate` sees a sign
    that the client left out an intermediate, else `unknown_issuer`. A self-signed certificate is an unknown
    issuer. One that verifies but is not on the list of allowed ones is an `invalid_certificate`.
3.  The client sent no certificate, as lenient checks tell: `no_client_certificate`.
4.  The client's alert says that it does not trust our certificate: `client_rejected_server`. Any other alert
    of the client names the reason it stands for (`protocol_version`, `no_shared_cipher`), else the client
    gave up.
5.  Time ran out: `timeout`. The client went away and we had sent no alert: `client_aborted`.
6.  The client offered no version of TLS that is taken, or offered it in SSL 2's form: `protocol_version`.
7.  The alert we sent: 70 is `protocol_version`, 116 `no_client_certificate`, 51 `bad_signature` (the client
    could not prove that it holds the key), 40 before our ServerHello `no_shared_cipher` and after it
    `no_client_certificate`, or `bad_signature` where it showed one. Of 47, where it showed one, OpenSSL's text
    tells: a key on a curve that is not taken is an `invalid_certificate`, anything else `bad_signature`.
    Whatever else we say was not clean TLS: `not_tls`.

A client that leaves after the handshake, and went to a name that our certificate is not for, has turned that
down: `client_rejected_server`. An alert that comes then says nothing of what was offered: it is the client's
distrust, or `client_aborted`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from inspector.certificates.allowed import AllowedClients
from inspector.certificates.crl import Revoked
from inspector.certificates.model import Verdict
from inspector.certificates.verdict_advice import advice
from inspector.certificates.verdict_facts import NOT_ALLOWED, Facts
from inspector.certificates.verdict_hints import left_out, missing_intermediate

_TAKEN_VERSIONS = frozenset({"TLSv1.2", "TLSv1.3"})
# A first message in SSL 2's form is not understood, whatever it offers.
_SSL_2 = "SSLv2"
# OpenSSL's word for a client's key on a curve that is not taken.
_CURVE = "wrong curve"
CLOSE_NOTIFY = 0
USER_CANCELED = 90

# OpenSSL's X509_V_ERR_* numbers (x509_vfy.h), stable over all versions; what is not here is
# `invalid_certificate`.
_ISSUER_NOT_FOUND = frozenset({2, 20, 21, 27})
_VERIFY_REASONS = {
    4: "bad_signature",
    7: "bad_signature",
    9: "not_yet_valid",
    10: "expired",
    18: "unknown_issuer",
    19: "unknown_issuer",
    23: "revoked",
    26: "wrong_purpose",
    28: "wrong_purpose",
    39: "wrong_purpose",
    66: "weak_key",
    67: "weak_key",
    68: "weak_key",
}

# RFC 8446 section 6 and RFC 5246 section 7.2.
_ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
}
_ALERTS_OF_DISTRUST = frozenset({42, 43, 44, 45, 46, 48, 49, 51, 112, 113})
_ALERTS_OF_NO_COMMON_GROUND = {
    70: "protocol_version",
    86: "protocol_version",
    40: "no_shared_cipher",
    71: "no_shared_cipher",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a handshake that failed (or, under lenient checks, would have).

    `opening` says what the client's first bytes are: `tls`, `http` or `other` (empty for none).
    `verify_error` and `verify_depth` are OpenSSL's, `chain` is what it had built by then, leaf first;
    `culprit` is the certificate it complained of. `alert_sent` and `alert_received` are alert numbers.
    `error` is OpenSSL's own text. `server_hello_sent` tells the two meanings of alert 40 apart, `established`
    that the handshake itself was done. `accepted`
    are the CAs whose clients are taken, `allowed` those of their clients that are, `known` other certificates that
    may explain a gap, `shown` all that the client sent, `revoked` what a CRL says. What is offered is the client's.
    `name_not_ours` is where a client went to that left when the handshake was done, if our certificate is not for that.
    """

    now: datetime
    opening: str = "tls"
    verify_error: int | None = None
    verify_depth: int = 0
    verify_text: str = ""
    culprit: x509.Certificate | None = None
    chain: tuple[x509.Certificate, ...] = ()
    alert_sent: int | None = None
    alert_received: int | None = None
    error: str = ""
    server_hello_sent: bool = False
    established: bool = False
    no_certificate: bool = False
    timed_out: bool = False
    ended: bool = False
    accepted: tuple[x509.Certificate, ...] = ()
    known: tuple[x509.Certificate, ...] = ()
    offered_versions: tuple[str, ...] = ()
    offered_ciphers: tuple[str, ...] = ()
    offered_groups: tuple[str, ...] = ()
    own: x509.Certificate | None = None
    first_bytes: bytes = b""
    name_not_ours: str = ""
    shown: tuple[x509.Certificate, ...] = ()
    allowed: AllowedClients = field(default_factory=AllowedClients)
    revoked: Revoked | None = None

    @property
    def leaf(self) -> x509.Certificate | None:
        """The client's own certificate, where it sent one and OpenSSL got to see it."""
        return self.chain[0] if self.chain else self.culprit


def alert_name(number: int) -> str:
    """The name of a TLS alert in the specification, `alert 77` for one it does not know."""
    return _ALERTS.get(number, f"alert {number}")


def decide(evidence: Evidence) -> Verdict:
    """The verdict on a failed handshake, by the rules of the module."""
    reason = _reason(evidence)
    facts = Facts(
        now=evidence.now,
        culprit=evidence.culprit,
        depth=evidence.verify_depth,
        chain=evidence.chain,
        verify_error=evidence.verify_error,
        verify_text=evidence.verify_text or evidence.error,
        accepted=evidence.accepted,
        alert=None if evidence.alert_received is None else alert_name(evidence.alert_received),
        offered_versions=evidence.offered_versions,
        own=evidence.own,
        own_was_shown=evidence.server_hello_sent,
        established=evidence.established,
        first_bytes=evidence.first_bytes,
        shown=evidence.shown,
        offered_ciphers=evidence.offered_ciphers,
        offered_groups=evidence.offered_groups,
        allowed=evidence.allowed,
        revoked=evidence.revoked,
        name_not_ours=evidence.name_not_ours,
        missing=_missing(evidence) if reason == "incomplete_chain" else None,
    )
    return Verdict(reason, _detail(evidence), *advice(reason, facts))


def _reason(evidence: Evidence) -> str:
    if evidence.opening == "http":
        return "plain_http"
    if evidence.opening == "other":
        return "not_tls" if evidence.alert_received is None else "client_aborted"
    if evidence.name_not_ours:
        return "client_rejected_server"
    if evidence.verify_error is not None:
        return _verify_reason(evidence)
    if evidence.no_certificate:
        return "no_client_certificate"
    if evidence.alert_received is not None and evidence.alert_received not in (CLOSE_NOTIFY, USER_CANCELED):
        return _reason_of_their_alert(evidence.alert_received, established=evidence.established)
    if evidence.timed_out:
        return "timeout"
    if evidence.alert_sent is None and (evidence.ended or evidence.alert_received is not None):
        return "client_aborted"
    offered = evidence.offered_versions
    if offered and (_SSL_2 in offered or _TAKEN_VERSIONS.isdisjoint(offered)):
        return "protocol_version"
    if evidence.alert_sent is not None:
        return _reason_of_our_alert(evidence)
    return "not_tls"


def _verify_reason(evidence: Evidence) -> str:
    """The reason that OpenSSL's verification error stands for."""
    code = evidence.verify_error or 0
    if code in _ISSUER_NOT_FOUND:
        last = _last(evidence)
        if last is not None and missing_intermediate(last, evidence.accepted, evidence.known):
            return "incomplete_chain"
        return "unknown_issuer"
    return _VERIFY_REASONS.get(code, "invalid_certificate")


def _last(evidence: Evidence) -> x509.Certificate | None:
    """The certificate whose issuer was not found."""
    return evidence.chain[-1] if evidence.chain else evidence.culprit


def _missing(evidence: Evidence) -> x509.Certificate | None:
    """The certificate that the client should have sent, where we know it."""
    last = _last(evidence)
    return left_out(last, evidence.known) if last is not None else None


def _reason_of_their_alert(alert: int, *, established: bool) -> str:
    if alert in _ALERTS_OF_DISTRUST:
        return "client_rejected_server"
    if established:
        return "client_aborted"
    return _ALERTS_OF_NO_COMMON_GROUND.get(alert, "client_aborted")


def _reason_of_our_alert(evidence: Evidence) -> str:
    alert = evidence.alert_sent
    if alert == 40:
        if not evidence.server_hello_sent:
            return "no_shared_cipher"
        # The algorithm that it signed the handshake with is not taken.
        return "bad_signature" if evidence.shown else "no_client_certificate"
    if alert == 47 and evidence.shown:
        return "invalid_certificate" if _CURVE in evidence.error else "bad_signature"
    return {
        41: "no_client_certificate",
        42: "invalid_certificate",
        43: "invalid_certificate",
        46: "invalid_certificate",
        48: "unknown_issuer",
        51: "bad_signature",
        70: "protocol_version",
        71: "no_shared_cipher",
        86: "protocol_version",
        116: "no_client_certificate",
        120: "no_shared_cipher",
    }.get(alert or 0, "not_tls")


def _detail(evidence: Evidence) -> str:
    """OpenSSL's own words first, then the alert that went over the wire."""
    parts = []
    if evidence.verify_error is not None:
        number = "" if evidence.verify_error == NOT_ALLOWED else f" ({evidence.verify_error})"
        parts.append(
            f"{evidence.verify_text or 'verification error'}{number} at depth {evidence.verify_depth}"
        )
    elif evidence.error:
        parts.append(evidence.error)
    elif evidence.no_certificate:
        parts.append("peer did not return a certificate")
    if evidence.alert_received is not None:
        parts.append(f"alert received: {alert_name(evidence.alert_received)} ({evidence.alert_received})")
    elif evidence.alert_sent is not None:
        parts.append(f"alert sent: {alert_name(evidence.alert_sent)} ({evidence.alert_sent})")
    if not parts:
        if evidence.timed_out:
            parts.append("no complete handshake in time")
        elif evidence.ended:
            parts.append("connection closed during the handshake")
    if evidence.opening in ("http", "other") and evidence.first_bytes:
        parts.insert(0, f"first bytes: {_printable(evidence.first_bytes[:48])}")
    return "; ".join(parts)


def _printable(data: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte != 92 else f"\\x{byte:02x}" for byte in data)
