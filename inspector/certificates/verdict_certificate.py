"""Advice on refused client certificates: one function a reason, each naming the facts at hand.

Pure; imports the certificates' description and, of the verdicts, their facts and hints.
"""

from __future__ import annotations

import shlex
from datetime import datetime

from cryptography import x509

from inspector.certificates import describe
from inspector.certificates.chain import issued_by
from inspector.certificates.verdict_facts import IMPORT_CA, LENIENT, NOT_ALLOWED, Facts, Parts, shorten, some
from inspector.certificates.verdict_hints import namesakes, same_organization

_SELF_SIGNED_LEAF = 18
_WEAK_SIGNATURE = 68
_NO_CURVE = "wrong curve"
_NEW_KEY = (
    "Issue a new one: openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
    "-keyout mybrandpushKey.pem -out mybrandpush.csr."
)
_BREAKS_RULES = (
    "It, or one above it, breaks the rules for certificates: for example an issuer that is not marked as a CA "
    "(basicConstraints CA:TRUE, keyUsage keyCertSign)."
)
_TOO_DEEP = (
    "That CA may have fewer CAs below it than there are (pathlen in its basicConstraints): the CA below was issued "
    "against that rule."
)
_NAMES = (
    "A CA above it may only issue for certain names (its nameConstraints), and the subject or a subject alternative "
    "name of the certificate below is outside of them, or of a kind that can't be compared."
)
# By OpenSSL's complaint (X509_V_ERR_*). `certs check` sees the first, not the others.
_CAUSES = {
    25: _TOO_DEEP,
    34: "It has an extension marked critical that is not known here: who does not know one must refuse (RFC 5280).",
    **dict.fromkeys((47, 48, 51, 52, 53), _NAMES),
}
_REMEDIES = {
    34: "Have it issued again without that extension, or with one that is not marked critical.",
    **dict.fromkeys((47, 48, 51, 52, 53), "Have it issued again with names that all CAs above it allow."),
}
_CHECK = "push-inspector certs check FILE --client tells what is wrong with it."


def unknown_issuer(facts: Facts) -> Parts:
    last = facts.last
    if (
        last is None
        or facts.verify_error == _SELF_SIGNED_LEAF
        or (len(facts.chain) <= 1 and describe.is_self_signed(last))
    ):
        return _self_signed(facts)
    if ours := namesakes(last, facts.accepted):
        return _same_name_another_key(facts, ours[0])
    happened = (
        f"The client's certificate {facts.subject} comes from {facts.last_issuer}, which is not accepted "
        f"here.{facts.beside_the_point}{facts.besides}"
    )
    cause = f"We accept clients of {facts.accepted_names}."
    if (kin := same_organization(last, facts.accepted)) is not None:
        cause += (
            f" Should it be an intermediate of {shorten(describe.subject(kin))}, which is of the same "
            "organization, then the client must send it along."
        )
    remedy = (
        f"If you trust {facts.last_issuer}, import its certificate: {IMPORT_CA}. "
        f"To take this client alone: {facts.pin}. {LENIENT}"
    )
    return happened, cause, remedy


def _same_name_another_key(facts: Facts, ours: x509.Certificate) -> Parts:
    last = facts.last
    theirs = ""
    if last is not None and len(facts.chain) > 1 and describe.is_self_signed(last):
        theirs = f", the one that the client sent along has {describe.fingerprint(last)}"
    happened = (
        f"The client's certificate {facts.subject} comes from a CA named {facts.last_issuer}, but not from the one "
        f"of that name that is accepted here: its key is another.{facts.besides}"
    )
    cause = (
        "The CA was made anew after this certificate was issued (certs create-dev --force does that), or it is "
        "another CA of the same name with another key. The accepted one has the SHA-256 fingerprint "
        f"{describe.fingerprint(ours)}{theirs}."
    )
    remedy = (
        "Issue the client's certificate again with today's CA, or, if you trust the one that did issue it, import "
        f"that: {IMPORT_CA}. To take this client alone: {facts.pin}. {LENIENT}"
    )
    return happened, cause, remedy


def _self_signed(facts: Facts) -> Parts:
    happened = (
        f"The client's certificate {facts.subject} is self-signed: no CA vouches for it.{facts.besides}"
    )
    cause = f"It was made with something like openssl req -x509. We accept clients of {facts.accepted_names}."
    remedy = (
        "To take just this client, import its certificate: "
        "push-inspector certs import mybrandpushCrt.pem --name partner --trust-clients; or name its fingerprint: "
        f"{facts.pin}. {LENIENT}"
    )
    return happened, cause, remedy


def incomplete_chain(facts: Facts) -> Parts:
    sent = "only its own certificate" if len(facts.shown or facts.chain) <= 1 else "a chain with a gap"
    happened = (
        f"The client sent {sent} ({facts.subject}): {facts.last_issuer} is missing.{facts.beside_the_point}"
        f"{facts.besides}"
    )
    cause = "That issuer is an intermediate CA. The client must send it along, here only the root is known."
    if facts.missing is not None:
        cause = (
            "That issuer is an intermediate CA, which is known here from the vault or from another client (SHA-256 "
            f"fingerprint {describe.fingerprint(facts.missing)}). It is not trusted by itself: the client must send "
            "it along."
        )
    remedy = (
        "Append the intermediate to the client's certificate file (cat mybrandpushCrt.pem intermediate.pem > "
        "chain.pem) and configure that one in the pusher. Or accept the intermediate itself: push-inspector "
        "certs "
        f"import intermediate.pem --name partner-intermediate --trust-clients. {LENIENT}"
    )
    return happened, cause, remedy


def expired(facts: Facts) -> Parts:
    when = ""
    if facts.culprit is not None:
        when = f" on {describe.describe(facts.culprit).not_after}{_days_ago(facts.culprit, facts.now)}"
    happened = f"{facts.whose} expired{when}."
    cause = (
        "It was not renewed, or the renewed one was not put in place. "
        f"(Or the clock of this machine is wrong: it says {describe.rfc3339(facts.now)}.)"
    )
    return happened, cause, f"{_renew(facts)} {LENIENT}"


def not_yet_valid(facts: Facts) -> Parts:
    when = f" before {describe.describe(facts.culprit).not_before}" if facts.culprit is not None else " yet"
    happened = f"{facts.whose} is not valid{when}; the clock here says {describe.rfc3339(facts.now)}."
    cause = (
        "The clock of this machine, or of the one that issued it, is wrong; or it was made for later. TLS has no "
        "alert of its own for this: the client is told bad_certificate."
    )
    remedy = f"Set the clock, or issue the certificate with an earlier start. {LENIENT}"
    return happened, cause, remedy


def wrong_purpose(facts: Facts) -> Parts:
    purposes = describe.purposes(facts.culprit) if facts.culprit is not None else ()
    made_for = f" (it is made for: {', '.join(purposes)})" if purposes else ""
    happened = f"{facts.whose} is not meant for TLS clients{made_for}."
    cause = (
        "Its extended key usage lacks clientAuth, or its key usage lacks digitalSignature: "
        "often a server's certificate that was given to the pusher."
    )
    remedy = (
        "Have one issued with extendedKeyUsage=clientAuth and keyUsage=digitalSignature. "
        f"push-inspector certs check FILE --client tells beforehand. {LENIENT}"
    )
    return happened, cause, remedy


def revoked(facts: Facts) -> Parts:
    found = facts.revoked
    if found is None:
        happened = f"{facts.whose} has been revoked by its issuer."
        return happened, "It was replaced, or its key was compromised.", f"{_renew(facts)} {LENIENT}"
    why = f" ({found.why})" if found.why else ""
    happened = (
        f"{facts.whose} was revoked on {describe.rfc3339(found.since)}{why}, says the CRL of "
        f"{shorten(found.list_issuer)}."
    )
    cause = "It was replaced, or its key was compromised, and the pusher still uses the old one."
    if found.list_valid_until is not None and found.list_valid_until < facts.now:
        cause += (
            f" The CRL itself is out of date (since {describe.rfc3339(found.list_valid_until)}), but what was "
            "revoked stays so."
        )
    return happened, cause, f"{_renew(facts)} Or listen without that --crl file. {LENIENT}"


def weak_key(facts: Facts) -> Parts:
    what = "is too weak"
    if facts.culprit is not None and facts.verify_error == _WEAK_SIGNATURE:
        what = f"is signed with {describe.signature_name(facts.culprit)}, which is too weak"
    elif facts.culprit is not None:
        what = f"has the key {describe.key_name(facts.culprit)}, which is too weak"
    cause = (
        "It was made long ago, or by a tool with old defaults. "
        "TLS asks for at least RSA 2048 or ECDSA P-256, and SHA-256."
    )
    return f"{facts.whose} {what} for TLS today.", cause, f"{_NEW_KEY} {LENIENT}"


def bad_signature(facts: Facts) -> Parts:
    if facts.verify_error is None:
        happened = (
            "The client could not prove that it holds its certificate's key: "
            "its signature over the handshake is wrong."
        )
        cause = "Its certificate and key do not belong together, or something in between alters the traffic."
        remedy = "Check the pair: push-inspector certs check mybrandpushCrt.pem mybrandpushKey.pem --client."
        return happened, cause, remedy
    issuer = shorten(describe.issuer(facts.culprit)) if facts.culprit is not None else "its issuer"
    if facts.culprit is not None and any(issued_by(facts.culprit, ca) for ca in facts.accepted):
        happened = f"{facts.whose} was held against the wrong one of several accepted CAs named {issuer}."
        cause = (
            "One of them did sign it, but the certificate does not say which key that was (authorityKeyIdentifier): "
            "then the first of that name is tried and no other."
        )
        remedy = (
            "Accept only the CA that signed it, or have the certificate issued again with an "
            f"authorityKeyIdentifier. To take this client alone: {facts.pin}. {LENIENT}"
        )
        return happened, cause, remedy
    happened = f"{facts.whose} names {issuer} as its issuer, but the key of that CA did not sign it."
    cause = "Another CA of the same name did (one that is made anew has a new key), or the file was altered."
    remedy = (
        f"Issue the client's certificate again, or import the CA that did issue it: {IMPORT_CA}. {LENIENT}"
    )
    return happened, cause, remedy


def invalid_certificate(facts: Facts) -> Parts:
    if facts.verify_error == NOT_ALLOWED:
        return _not_allowed(facts)
    what = facts.verify_text or "it can't be read or verified"
    if facts.verify_error is None and facts.leaf is not None and _NO_CURVE in what:
        key = describe.key_name(facts.leaf)
        happened = f"{facts.whose} was refused: its key, {key}, is on a curve that is not taken."
        return happened, "TLS takes keys on P-256, P-384 and P-521, or Ed25519 and RSA.", _NEW_KEY
    cause = _CAUSES.get(facts.verify_error or 0, _BREAKS_RULES)
    remedy = f"{_REMEDIES.get(facts.verify_error or 0, _CHECK)} {LENIENT}"
    return f"{facts.whose} was refused: {what}.", cause, remedy


def _not_allowed(facts: Facts) -> Parts:
    subject = describe.subject(facts.leaf) if facts.leaf is not None else "(unknown)"
    happened = (
        f"The client's certificate {facts.subject} is valid, but not on the list of allowed certificates: it was "
        "turned away."
    )
    listed = []
    if facts.allowed.fingerprints:
        listed.append(f"the fingerprints {some(sorted(facts.allowed.fingerprints))}")
    if facts.allowed.subjects:
        listed.append(f"the subjects {some(facts.allowed.subjects)}")
    cause = (
        f"Only {' and '.join(listed) or 'certificates on the list'} are let in. A certificate that was renewed has a "
        "new fingerprint, and perhaps another subject."
    )
    by_subject = f" or with --client-subject {shlex.quote(subject)}" if shorten(subject) == subject else ""
    remedy = f"To let it in, listen with {facts.pin}{by_subject}. {LENIENT}"
    return happened, cause, remedy


def _days_ago(cert: x509.Certificate, now: datetime) -> str:
    try:
        days = (now - cert.not_valid_after_utc).days
    except ValueError:
        return ""
    return f", {days} days ago" if days > 1 else ""


def _renew(facts: Facts) -> str:
    if facts.depth:
        return "Renew that CA's certificate, or have the client's issued by one that is valid."
    return (
        "Have a new one issued (openssl req -new -key mybrandpushKey.pem -out mybrandpush.csr makes the request) "
        "and configure it in the pusher."
    )
