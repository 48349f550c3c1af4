"""From evidence to reason and advice: the rules alone; real handshakes are in the listener's tests."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from inspector.certificates.allowed import AllowedClients
from inspector.certificates.crl import Revoked
from inspector.certificates.describe import fingerprint
from inspector.certificates.mint import issue, make_ca
from inspector.certificates.model import Identity
from inspector.certificates.verdict_advice import REASONS
from inspector.certificates.verdict_facts import NOT_ALLOWED
from inspector.certificates.verdict_hints import missing_intermediate
from inspector.certificates.verdicts import Evidence, alert_name, decide

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ROOT = make_ca("Root CA", now=NOW)
CLIENT = issue(ROOT, "client", purposes=("client",), now=NOW)
STRANGER = issue(make_ca("Other Root", now=NOW), "stranger", now=NOW)
SERVER = issue(ROOT, "server", purposes=("server",), names=["localhost"], now=NOW)

INTERFACE = """no_client_certificate unknown_issuer expired not_yet_valid wrong_purpose revoked weak_key bad_signature
incomplete_chain invalid_certificate protocol_version no_shared_cipher plain_http not_tls client_rejected_server
client_aborted timeout"""


def evidence(**given: object) -> Evidence:
    return Evidence(**{"now": NOW, "accepted": (ROOT.leaf,), "own": SERVER.leaf, **given})  # type: ignore[arg-type]


def verify(code: int, identity: Identity = CLIENT, depth: int = 0, **given: object) -> Evidence:
    chain = identity.chain[: depth + 1]
    return evidence(
        verify_error=code,
        verify_depth=depth,
        verify_text="openssl says",
        culprit=chain[-1],
        chain=chain,
        **given,
    )


def test_the_reasons_are_the_interfaces() -> None:
    assert set(REASONS) == set(INTERFACE.split())


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (2, "unknown_issuer"), (3, "invalid_certificate"), (4, "bad_signature"), (6, "invalid_certificate"),
        (7, "bad_signature"), (9, "not_yet_valid"), (10, "expired"), (13, "invalid_certificate"),
        (14, "invalid_certificate"), (18, "unknown_issuer"), (19, "unknown_issuer"), (20, "unknown_issuer"),
        (21, "unknown_issuer"), (22, "invalid_certificate"), (23, "revoked"), (24, "invalid_certificate"),
        (25, "invalid_certificate"), (26, "wrong_purpose"), (27, "unknown_issuer"), (32, "invalid_certificate"),
        (34, "invalid_certificate"), (39, "wrong_purpose"), (47, "invalid_certificate"), (66, "weak_key"),
        (67, "weak_key"), (68, "weak_key"), (79, "invalid_certificate"), (9999, "invalid_certificate"),
    ],
)  # fmt: skip
def test_what_openssl_says_of_a_certificate(code: int, reason: str) -> None:
    verdict = decide(verify(code, STRANGER, alert_sent=46))
    assert verdict.reason == reason
    assert verdict.detail == f"openssl says ({code}) at depth 0; alert sent: certificate_unknown (46)"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"alert_sent": 40}, "no_shared_cipher"),
        ({"alert_sent": 40, "server_hello_sent": True}, "no_client_certificate"),
        ({"alert_sent": 116, "server_hello_sent": True}, "no_client_certificate"),
        ({"alert_sent": 70}, "protocol_version"),
        ({"alert_sent": 86}, "protocol_version"),
        ({"alert_sent": 71}, "no_shared_cipher"),
        ({"alert_sent": 51, "server_hello_sent": True}, "bad_signature"),
        ({"alert_sent": 10}, "not_tls"),
        ({"alert_sent": 20}, "not_tls"),
        ({"alert_sent": 50}, "not_tls"),
        ({"alert_sent": 50, "offered_versions": ("TLSv1.1", "TLSv1")}, "protocol_version"),
        ({"alert_sent": 50, "offered_versions": ("TLSv1.3",)}, "not_tls"),
        ({"alert_sent": 50, "offered_versions": ("TLSv1.2", "SSLv2")}, "protocol_version"),
        ({"alert_received": 48}, "client_rejected_server"),
        ({"alert_received": 42}, "client_rejected_server"),
        ({"alert_received": 43}, "client_rejected_server"),
        ({"alert_received": 44}, "client_rejected_server"),
        ({"alert_received": 45}, "client_rejected_server"),
        ({"alert_received": 46}, "client_rejected_server"),
        ({"alert_received": 49}, "client_rejected_server"),
        ({"alert_received": 40}, "no_shared_cipher"),
        ({"alert_received": 70}, "protocol_version"),
        ({"alert_received": 80}, "client_aborted"),
        ({"alert_received": 0}, "client_aborted"),
        ({"alert_received": 90, "ended": True}, "client_aborted"),
        ({"no_certificate": True}, "no_client_certificate"),
        ({"ended": True}, "client_aborted"),
        ({"ended": True, "offered_versions": ("TLSv1",)}, "client_aborted"),
        ({"ended": True, "opening": ""}, "client_aborted"),
        ({"timed_out": True}, "timeout"),
        ({"timed_out": True, "opening": ""}, "timeout"),
        ({"opening": "http", "first_bytes": b"GET / HTTP/1.1\r\n"}, "plain_http"),
        ({"opening": "other", "first_bytes": b"\x00\xffSSH"}, "not_tls"),
        ({}, "not_tls"),
    ],
)
def test_what_else_went_wrong(given: dict[str, object], reason: str) -> None:
    assert decide(evidence(**given)).reason == reason


def test_a_refused_certificate_outweighs_what_came_after() -> None:
    assert decide(verify(10, alert_sent=45, alert_received=0, ended=True, timed_out=True)).reason == "expired"


def test_details() -> None:
    assert decide(evidence(alert_received=48, error="tlsv1 alert unknown ca")).detail == (
        "tlsv1 alert unknown ca; alert received: unknown_ca (48)"
    )
    assert decide(evidence(timed_out=True)).detail == "no complete handshake in time"
    assert decide(evidence(ended=True)).detail == "connection closed during the handshake"
    assert (
        decide(evidence(opening="other", first_bytes=b"a\\\x00\xff")).detail == r"first bytes: a\x5c\x00\xff"
    )
    assert decide(evidence(no_certificate=True)).detail == "peer did not return a certificate"


def test_alert_names() -> None:
    assert alert_name(48) == "unknown_ca"
    assert alert_name(177) == "alert 177"


@pytest.mark.parametrize("reason", REASONS)
def test_all_advice_has_three_plain_parts(reason: str) -> None:
    causes: dict[str, Evidence] = {
        "no_client_certificate": evidence(alert_sent=116),
        "unknown_issuer": verify(20, STRANGER),
        "expired": verify(10),
        "not_yet_valid": verify(9),
        "wrong_purpose": verify(26),
        "revoked": verify(23),
        "weak_key": verify(66),
        "bad_signature": verify(7),
        "incomplete_chain": verify(20, issue(make_ca("Issuing CA", issuer=ROOT, now=NOW), "x", now=NOW)),
        "invalid_certificate": verify(34),
        "protocol_version": evidence(alert_sent=70, offered_versions=("TLSv1.1",)),
        "no_shared_cipher": evidence(alert_sent=40),
        "plain_http": evidence(opening="http"),
        "not_tls": evidence(opening="other"),
        "client_rejected_server": evidence(alert_received=48),
        "client_aborted": evidence(ended=True),
        "timeout": evidence(timed_out=True),
    }
    verdict = decide(causes[reason])
    assert verdict.reason == reason
    for part in (verdict.happened, verdict.cause, verdict.remedy):
        assert re.fullmatch(r"[A-Zop].*[.)]", part), part
        assert "\n" not in part
        assert "  " not in part
    assert verdict.advice == f"{verdict.happened} {verdict.cause} {verdict.remedy}"


def test_advice_needs_no_facts() -> None:
    """Whatever is missing, there is a verdict."""
    for code in (2, 7, 9, 10, 18, 19, 20, 23, 26, 34, 66, 68):
        assert decide(Evidence(now=NOW, verify_error=code)).advice
    for alert in range(256):
        assert decide(Evidence(now=NOW, alert_sent=alert)).advice
        assert decide(Evidence(now=NOW, alert_received=alert)).advice


def test_advice_names_what_is_at_hand() -> None:
    verdict = decide(verify(10, issue(ROOT, "old", not_before=NOW - 9 * DAY, not_after=NOW - 3 * DAY)))
    assert "CN=old" in verdict.happened
    assert "2026-05-29T12:00:00Z, 3 days ago" in verdict.happened
    assert "2026-06-01T12:00:00Z" in verdict.cause
    assert "openssl req -new " in verdict.remedy


@pytest.mark.parametrize(
    ("code", "words"),
    [(25, "pathlen"), (34, "marked critical"), (47, "nameConstraints"), (79, "basicConstraints CA:TRUE")],
)
def test_a_rule_that_was_broken_is_named(code: int, words: str) -> None:
    """`certs check` is advised where it finds the fault."""
    verdict = decide(verify(code))
    assert verdict.reason == "invalid_certificate"
    assert words in verdict.cause
    assert ("certs check" in verdict.remedy) is (code in (25, 79))


def test_one_of_several_accepted_cas_of_a_name_did_sign_it() -> None:
    """OpenSSL holds a certificate without an authority key identifier against the first CA of the name."""
    verdict = decide(verify(7, accepted=(make_ca("Root CA", now=NOW).leaf, ROOT.leaf)))
    assert verdict.reason == "bad_signature"
    assert "the wrong one of several accepted CAs" in verdict.happened
    assert "authorityKeyIdentifier" in verdict.cause
    assert "did not sign it" in decide(verify(7, accepted=(make_ca("Root CA", now=NOW).leaf,))).happened


@pytest.mark.parametrize("alert", [40, 70, 71])
def test_an_alert_after_the_handshake_says_nothing_of_what_was_offered(alert: int) -> None:
    assert decide(evidence(alert_received=alert, established=True)).reason == "client_aborted"
    assert decide(evidence(alert_received=48, established=True)).reason == "client_rejected_server"


def test_illegal_parameter_of_a_client_that_showed_a_certificate() -> None:
    shown = {"alert_sent": 47, "server_hello_sent": True, "shown": CLIENT.chain}
    assert decide(evidence(error="wrong curve", **shown)).reason == "invalid_certificate"
    assert decide(evidence(error="wrong signature type", **shown)).reason == "bad_signature"
    assert decide(evidence(alert_sent=47, error="wrong curve")).reason == "not_tls"


def test_only_our_own_ca_is_said_to_be_in_the_vault() -> None:
    own = issue(make_ca("dev-ca", now=NOW), "server", purposes=("server",), names=["localhost"], now=NOW)
    assert "certs export dev-ca" in decide(evidence(alert_received=48, own=own.leaf)).remedy
    assert "dev-ca" not in decide(evidence(alert_received=48)).remedy


def test_a_fault_above_the_client_is_told_apart() -> None:
    verdict = decide(verify(10, CLIENT, depth=1))
    assert "CN=Root CA,O=Push Inspector, a CA above the client's certificate CN=client" in verdict.happened
    assert verdict.remedy.startswith("Renew that CA's certificate")


def test_a_second_fault_is_told_too() -> None:
    old = issue(make_ca("Elsewhere", now=NOW), "old", not_before=NOW - 9 * DAY, not_after=NOW - 3 * DAY)
    assert "Besides, it expired on 2026-05-29T12:00:00Z." in decide(verify(20, old)).happened
    early = issue(make_ca("Elsewhere", now=NOW), "early", not_before=NOW + DAY, not_after=NOW + 3 * DAY)
    assert "Besides, it is valid only from 2026-06-02T12:00:00Z." in decide(verify(20, early)).happened


def test_the_same_name_with_another_key() -> None:
    namesake = issue(make_ca("Root CA", now=NOW), "client", now=NOW)
    verdict = decide(verify(20, namesake))
    assert verdict.reason == "unknown_issuer"
    assert "another key" in verdict.cause


def test_the_same_name_with_another_key_that_was_sent_along() -> None:
    namesake = issue(make_ca("Root CA", now=NOW), "client", now=NOW)
    verdict = decide(verify(19, namesake, depth=1))
    assert verdict.reason == "unknown_issuer"
    assert "another key" in verdict.cause
    assert fingerprint(ROOT.leaf) in verdict.cause
    assert fingerprint(namesake.chain[1]) in verdict.cause


def test_a_client_that_is_not_on_the_list() -> None:
    allowed = AllowedClients.of(["ab" * 32], ["CN=push-*"])
    verdict = decide(verify(NOT_ALLOWED, allowed=allowed, alert_sent=46))
    assert verdict.reason == "invalid_certificate"
    assert verdict.detail == "openssl says at depth 0; alert sent: certificate_unknown (46)"
    assert "not on the list" in verdict.happened
    assert "ab" * 32 in verdict.cause
    assert "CN=push-*" in verdict.cause
    assert f"--client-fingerprint {fingerprint(CLIENT.leaf)}" in verdict.remedy
    assert "--client-subject 'CN=client,O=Push Inspector'" in verdict.remedy


def test_what_a_crl_says() -> None:
    revoked = Revoked(0, CLIENT.leaf, NOW - DAY, "it was replaced", "CN=Root CA", NOW + DAY)
    verdict = decide(verify(23, revoked=revoked))
    assert (
        "was revoked on 2026-05-31T12:00:00Z (it was replaced), says the CRL of CN=Root CA"
        in verdict.happened
    )
    assert "out of date" not in verdict.cause
    old = replace(revoked, list_valid_until=NOW - DAY)
    assert "out of date (since 2026-05-31T12:00:00Z)" in decide(verify(23, revoked=old)).cause


def test_what_was_sent_along_for_nothing_is_named() -> None:
    other = make_ca("Other Issuing CA", now=NOW).leaf
    shown = (STRANGER.leaf, other)
    for verdict in (
        decide(verify(20, STRANGER, shown=shown)),
        decide(verify(20, issue(make_ca("Issuing CA", issuer=ROOT, now=NOW), "x", now=NOW), shown=shown)),
    ):
        assert "does not fit: CN=Other Issuing CA" in verdict.happened


def test_one_that_is_signed_with_what_is_not_taken_is_no_missing_certificate() -> None:
    given = {"alert_sent": 40, "server_hello_sent": True}
    assert decide(evidence(**given)).reason == "no_client_certificate"
    assert decide(evidence(**given, shown=(CLIENT.leaf,))).reason == "bad_signature"
    assert decide(evidence(alert_sent=43, shown=(CLIENT.leaf,))).reason == "invalid_certificate"


def test_what_a_client_offers_is_told() -> None:
    offered = {"offered_ciphers": ("TLS_RSA_WITH_AES_128_CBC_SHA",), "offered_groups": ("x448",)}
    happened = decide(evidence(alert_sent=40, **offered)).happened
    assert "It offers TLS_RSA_WITH_AES_128_CBC_SHA, with the curves x448." in happened


def test_a_first_message_that_does_not_come_whole() -> None:
    assert "first message" in decide(evidence(timed_out=True)).happened
    assert "first message" not in decide(evidence(timed_out=True, offered_versions=("TLSv1.3",))).advice


def test_a_first_message_of_ssl_2() -> None:
    verdict = decide(evidence(alert_sent=70, offered_versions=("TLSv1.2", "SSLv2")))
    assert "form of SSL 2" in verdict.happened
    assert "SSLv2Hello" in verdict.cause


def test_java_without_a_trust_store() -> None:
    assert "trust store is empty" in decide(evidence(alert_received=80)).cause


def test_no_certificate_where_only_fingerprints_are_taken() -> None:
    verdict = decide(evidence(alert_sent=116, accepted=(), allowed=AllowedClients.of(["ab"], [])))
    assert "fingerprint" in verdict.cause


def test_a_self_signed_client() -> None:
    alone = issue(None, "alone", now=NOW)
    for code in (18, 20, 21):
        verdict = decide(verify(code, alone))
        assert verdict.reason == "unknown_issuer"
        assert "self-signed" in verdict.happened
        assert "import its certificate" in verdict.remedy


def test_a_root_that_was_sent_along() -> None:
    verdict = decide(verify(19, STRANGER, depth=1))
    assert verdict.reason == "unknown_issuer"
    assert "CN=stranger" in verdict.happened
    assert "CN=Other Root" in verdict.happened


def test_many_accepted_names_are_not_all_listed() -> None:
    many = tuple(make_ca(f"CA {number}", now=NOW).leaf for number in range(9))
    cause = decide(evidence(alert_sent=116, accepted=many)).cause
    assert "CN=CA 3,O=Push Inspector and 5 more" in cause


def test_nobody_is_accepted() -> None:
    verdict = decide(evidence(alert_sent=116, accepted=()))
    assert "accepts no CA" in verdict.cause
    assert "--trust-clients" in verdict.remedy


def test_names_of_any_length_and_kind_stay_readable() -> None:
    long_name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, "evil\n\x1b[31m" + "x" * 50)
            for _ in range(40)
        ]
    )
    cert = sign(long_name, x509.Name([]))
    verdict = decide(evidence(verify_error=20, culprit=cert, chain=(cert,)))
    assert len(verdict.advice) < 1500
    assert verdict.advice.isprintable()


def sign(subject: x509.Name, issuer: x509.Name, *extensions: x509.ExtensionType) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(1).not_valid_before(NOW - DAY).not_valid_after(NOW + DAY)
    )  # fmt: skip
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256())


def named(text: str, organization: str = "") -> x509.Name:
    parts = [x509.NameAttribute(x509.NameOID.COMMON_NAME, text)]
    if organization:
        parts.append(x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(parts)


@pytest.mark.parametrize(
    ("issuer", "missing"),
    [
        ("Acme Intermediate CA", True), ("Intermediate", True), ("intermediate-2", True), ("Acme Issuing CA 3", True),
        ("Acme Sub CA", True), ("brand-int", True), ("ICA-1", True), ("Subordinate Authority", True),
        ("Other CA", False), ("Rogue Root", False), ("Acme Root CA", False), ("Print CA", False),
        ("Subway", False), ("Internet Widgits", False), ("", False),
    ],
)  # fmt: skip
def test_an_issuer_that_calls_itself_intermediate(issuer: str, missing: bool) -> None:
    leaf = sign(named("leaf"), named(issuer) if issuer else x509.Name([]))
    assert missing_intermediate(leaf, [ROOT.leaf], []) is missing


def test_the_key_identifier_may_name_the_issuers_issuer() -> None:
    def leaf(above: x509.Name) -> x509.Certificate:
        identifier = x509.AuthorityKeyIdentifier(b"12345678", [x509.DirectoryName(above)], 7)
        return sign(named("leaf"), named("Unit 5"), identifier)

    assert missing_intermediate(leaf(ROOT.leaf.subject), [ROOT.leaf], [])
    assert not missing_intermediate(leaf(named("Elsewhere")), [ROOT.leaf], [])
    # It names the issuer itself where that is a root: no sign of anything.
    assert not missing_intermediate(leaf(named("Unit 5")), [ROOT.leaf], [])


def test_an_intermediate_that_is_known_from_elsewhere() -> None:
    unit = make_ca("Unit 5", issuer=ROOT, now=NOW)
    lone = issue(unit, "lone", now=NOW).leaf
    assert missing_intermediate(lone, [ROOT.leaf], [unit.leaf])
    assert not missing_intermediate(lone, [ROOT.leaf], [make_ca("Unit 5", issuer=ROOT, now=NOW).leaf])
    stranger = STRANGER.chain[1]
    assert not missing_intermediate(STRANGER.leaf, [ROOT.leaf], [stranger])


def test_where_a_known_intermediate_leads_to_counts() -> None:
    elsewhere = make_ca("Elsewhere", now=NOW)
    for root, leads_to_us in ((ROOT, True), (elsewhere, False)):
        high = make_ca("Unit 6", issuer=root, now=NOW)
        low = make_ca("Unit 7", issuer=high, now=NOW)
        lone = issue(low, "lone", now=NOW).leaf
        known = [elsewhere.leaf, low.leaf, high.leaf]
        assert missing_intermediate(lone, [ROOT.leaf], known) is leads_to_us
        # What is above the one that is known is not: nothing tells that it is ours.
        assert not missing_intermediate(lone, [ROOT.leaf], [low.leaf])
    # A root may call itself what it likes.
    liar = make_ca("Acme Intermediate CA", now=NOW)
    lone = issue(liar, "lone", now=NOW).leaf
    assert missing_intermediate(lone, [ROOT.leaf], [])
    assert not missing_intermediate(lone, [ROOT.leaf], [liar.leaf])


def test_an_organization_in_common_is_pointed_at() -> None:
    ours = sign(named("Acme Trust", "Acme"), named("Acme Trust", "Acme"))
    leaf = sign(named("leaf"), named("Acme Nine", "ACME"))
    verdict = decide(evidence(verify_error=20, culprit=leaf, chain=(leaf,), accepted=(ours,)))
    assert verdict.reason == "unknown_issuer"
    assert "CN=Acme Trust" in verdict.cause
    assert "same organization" in verdict.cause
    # What this program has made is all of one organization.
    assert "same organization" not in decide(verify(20, STRANGER)).cause


def test_a_weak_signature_is_named() -> None:
    assert "signed with ECDSA SHA-256" in decide(verify(68)).happened
    assert "the key ECDSA P-256" in decide(verify(66)).happened


def test_a_client_that_rejects_us() -> None:
    assert "not among the certificate's names (localhost)" in decide(evidence(alert_received=46)).cause
    assert "names" not in decide(evidence(alert_received=48)).cause
    assert "clock" in decide(evidence(alert_received=45)).cause
    assert "--server-identity" in decide(evidence(alert_received=45)).remedy


def test_a_client_that_hangs_up_on_our_certificate() -> None:
    """Java's HttpClient does so: no alert, but it is plain what it means."""
    verdict = decide(evidence(ended=True, server_hello_sent=True))
    assert verdict.reason == "client_aborted"
    assert "does not know CN=Root CA" in verdict.cause
    assert "keytool" in verdict.remedy
    assert "Root CA" not in decide(evidence(ended=True)).advice
