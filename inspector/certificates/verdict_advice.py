"""Advice on handshakes that failed for another reason than a refused certificate, and the table of all
advice.

Pure; imports the certificates' description and, of the verdicts, their facts and the advice on certificates.
"""

from __future__ import annotations

from collections.abc import Callable

from cryptography import x509

from inspector.certificates import describe, verdict_certificate
from inspector.certificates.verdict_facts import IMPORT_CA, LENIENT, Facts, Parts, shorten, some

_OTHER_SERVER = "Or listen with a certificate that the client trusts already: --server-identity NAME."
_HOW_TO_TRUST = "(curl: --cacert FILE; Java: keytool -importcert)"
_PROXY_PROTOCOL = (b"PROXY ", b"\r\n\r\n\x00\r\nQUIT\n")


def advice(reason: str, facts: Facts) -> Parts:
    """What happened, the likely cause and what to do, for one of REASONS."""
    return _ADVICE[reason](facts)


def _no_client_certificate(facts: Facts) -> Parts:
    if not facts.accepted:
        if facts.allowed.fingerprints:
            cause = (
                "This listener takes only certificates that are named by their fingerprint, and announces no CA; "
                "some TLS libraries send none then."
            )
            remedy = f"Give the pusher its certificate and key, or accept its CA too: {IMPORT_CA}. {LENIENT}"
            return "The client sent no certificate, and this listener demands one.", cause, remedy
        cause = "This listener accepts no CA yet, so there is no certificate that the client could use."
        return (
            "The client sent no certificate.",
            cause,
            f"Import the CA of the client's certificate: {IMPORT_CA}.",
        )
    cause = (
        "Either the pusher has none configured, or its TLS library found none from a CA that we announced "
        f"({facts.accepted_names}) and silently sent nothing, as Java and browsers do."
    )
    remedy = (
        "Give the pusher its certificate and key (curl: --cert mybrandpushCrt.pem --key mybrandpushKey.pem). "
        f"If another CA issued it: {IMPORT_CA}. {LENIENT}"
    )
    return "The client sent no certificate, and this listener demands one.", cause, remedy


def _protocol_version(facts: Facts) -> Parts:
    offer = f" It offers {', '.join(facts.offered_versions)}." if facts.offered_versions else ""
    happened = f"The client speaks no version of TLS that is taken here (1.2 and 1.3).{offer}"
    cause = "Its TLS library is very old, or is told to use an old version only."
    if "SSLv2" in facts.offered_versions:
        happened = (
            f"The client's first message is in the form of SSL 2, which is not understood any more.{offer}"
        )
        cause = (
            "Its TLS library is very old, or told to begin so (Java: SSLv2Hello among the enabled protocols)."
        )
    return happened, cause, "Allow TLS 1.2 or 1.3 in the client, or update it."


def _no_shared_cipher(facts: Facts) -> Parts:
    key = f" Our server certificate's key is {describe.key_name(facts.own)}." if facts.own is not None else ""
    happened = f"The client and this listener have no cipher, curve or signature algorithm in common.{key}"
    if facts.offered_ciphers:
        happened += f" It offers {some(facts.offered_ciphers)}"
        happened += f", with the curves {some(facts.offered_groups)}." if facts.offered_groups else "."
    cause = "It is limited to old ciphers, or to those for another kind of server key (RSA against ECDSA)."
    remedy = (
        "Widen the client's list of ciphers, or listen with a server identity of the other kind of key "
        "(--server-identity NAME)."
    )
    return happened, cause, remedy


def _plain_http(_facts: Facts) -> Parts:
    happened = "The client spoke plain HTTP to this port, which speaks HTTPS only."
    cause = "Its URL begins with http:// instead of https://, or a proxy in between ends TLS."
    remedy = "Use https:// in the pusher's URL; through a proxy, pass the TLS connection on untouched."
    return happened, cause, remedy


def _not_tls(facts: Facts) -> Parts:
    if facts.first_bytes.startswith(_PROXY_PROTOCOL):
        happened = "The connection began with a PROXY protocol header instead of TLS."
        cause = "A load balancer in between is set to announce its clients' addresses that way."
        remedy = (
            "Listen with --proxy-protocol-from and the balancer's address, such as --proxy-protocol-from 10.0.0.0/8, "
            "or turn the PROXY protocol off for this target."
        )
        return happened, cause, remedy
    happened = "What the client sent is not TLS, or not clean TLS."
    cause = "It speaks another protocol, or its bytes were damaged on the way."
    remedy = "Check that it is an HTTPS client, and that nothing in between changes the bytes."
    return happened, cause, remedy


def _make_trust(own: x509.Certificate) -> str:
    """What makes the client trust our certificate. Only our own CA is surely in the vault, under its name."""
    if "CN=dev-ca," in f"{describe.issuer(own)},":
        where = "push-inspector certs export dev-ca --dir DIR writes it"
    else:
        where = "whoever runs it hands out its certificate"
    return f"Make the client trust that CA: {where} {_HOW_TO_TRUST}. {_OTHER_SERVER}"


def _client_rejected_server(facts: Facts) -> Parts:
    alert = facts.alert or "an alert"
    if facts.own is None:
        return f"The client turned our server certificate down: {alert}.", "", ""
    own, issuer = shorten(describe.subject(facts.own)), shorten(describe.issuer(facts.own))
    if facts.name_not_ours:
        return _left_for_the_name(facts.name_not_ours, own, some(describe.names(facts.own)))
    happened = f"The client turned our server certificate {own} down: {alert}."
    if facts.alert == "certificate_expired":
        cause = f"It ends {describe.describe(facts.own).not_after}; perhaps the client's clock is wrong."
        return (
            happened,
            cause,
            "Make or import a new server identity, and listen with --server-identity NAME.",
        )
    cause = f"It does not know {issuer}, which issued it"
    if facts.alert != "unknown_ca":
        names = ", ".join(describe.names(facts.own)) or "none"
        cause += f", or the host name it connects to is not among the certificate's names ({shorten(names)})"
    return happened, f"{cause}.", _make_trust(facts.own)


def _left_for_the_name(name: str, own: str, names: str) -> Parts:
    happened = "The client finished the handshake, and left without sending a request."
    cause = (
        f"Most likely it went to {shorten(name)}, and our server certificate {own} is not for that: its names are "
        f"{names or 'none'}. curl, for one, looks at the name only then, and gives no alert."
    )
    remedy = (
        "Have the client use one of these names. "
        "Or listen with a certificate for that name: --server-identity NAME."
    )
    return happened, cause, remedy


def _client_aborted(facts: Facts) -> Parts:
    if facts.established and facts.alert in ("handshake_failure", "no_renegotiation"):
        happened = f"The client broke the connection off after the handshake, with the alert {facts.alert}."
        cause = "It asked for a second handshake (renegotiation), which is refused here."
        return happened, cause, "Have the client send its request without renegotiating."
    if facts.alert and facts.alert not in ("close_notify", "user_canceled"):
        happened = f"The client broke the handshake off with the alert {facts.alert}."
        cause = "Its TLS library met something that it does not accept."
        if facts.alert == "internal_error":
            cause = "Its TLS library failed of itself; Java's does where its trust store is empty or can't be read."
        return happened, cause, "The client's own log tells more."
    if facts.own is not None and facts.own_was_shown:
        happened = "The client hung up when it had seen our server certificate, and gave no reason."
        cause = (
            f"Most likely it does not trust it: it does not know {shorten(describe.issuer(facts.own))}, or "
            "connects "
            "to a name that is not in it. Java's HttpClient, for one, hangs up without an alert."
        )
        return happened, cause, _make_trust(facts.own)
    happened = "The client closed the connection in the middle of the handshake and gave no reason."
    cause = "It may have given up waiting, or be a port scan or a health check."
    remedy = "The client's own log tells more; openssl s_client -connect HOST:PORT shows our certificate."
    return happened, cause, remedy


def _timeout(facts: Facts) -> Parts:
    happened = "The client began a handshake and did not finish it in time."
    cause = "It hangs, or something in between drops its packets (a firewall, an MTU problem)."
    if not facts.offered_versions:
        happened = "The client began a handshake, and not even its first message came whole in time."
        cause += " Today's first messages are often larger than one packet."
    return happened, cause, "Try openssl s_client -connect HOST:PORT from the client's machine."


_ADVICE: dict[str, Callable[[Facts], Parts]] = {
    "no_client_certificate": _no_client_certificate,
    "unknown_issuer": verdict_certificate.unknown_issuer,
    "expired": verdict_certificate.expired,
    "not_yet_valid": verdict_certificate.not_yet_valid,
    "wrong_purpose": verdict_certificate.wrong_purpose,
    "revoked": verdict_certificate.revoked,
    "weak_key": verdict_certificate.weak_key,
    "bad_signature": verdict_certificate.bad_signature,
    "incomplete_chain": verdict_certificate.incomplete_chain,
    "invalid_certificate": verdict_certificate.invalid_certificate,
    "protocol_version": _protocol_version,
    "no_shared_cipher": _no_shared_cipher,
    "plain_http": _plain_http,
    "not_tls": _not_tls,
    "client_rejected_server": _client_rejected_server,
    "client_aborted": _client_aborted,
    "timeout": _timeout,
}

REASONS = tuple(_ADVICE)
"""Every reason of the interface."""
