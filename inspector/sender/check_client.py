"""The steps of a check that are about us: whether the server wants our certificate, and takes it. Imports
`inspector.certificates` and the sender's records."""

from __future__ import annotations

from inspector.certificates.describe import describe
from inspector.sender.check_evidence import TLS13, Evidence
from inspector.sender.connection_check import Step, StepState
from inspector.sender.facts import issuer_names

_OK, _WARNING, _FAILED, _SKIPPED = StepState.OK, StepState.WARNING, StepState.FAILED, StepState.SKIPPED
_CHOOSE = "Choose the client's identity with --identity NAME, or --cert FILE --key FILE."
_BY_HTTP = "Some servers (nginx) refuse a certificate only in the answer to a push, by status 400."


def our_certificate(evidence: Evidence) -> Step:
    """Whether they asked for it, and whether it was sent."""
    key = "client_certificate"
    seen, identity = evidence.seen, evidence.target.identity
    handshake = seen.handshake
    if not handshake.chain:
        return Step(key, _SKIPPED, "The handshake could not be watched, so this is not known.")
    if not handshake.asked and not seen.established:
        return Step(key, _SKIPPED, "The handshake ended before the server could ask for it.")
    if not handshake.asked:
        if identity is None:
            return Step(key, _OK, "The server does not ask for a client certificate.")
        return Step(
            key,
            _WARNING,
            f"The server does not ask for a client certificate, so {identity.name} is not sent.",
            advice="With mutual TLS it should: switch the verification of clients on there.",
        )
    names = issuer_names(handshake)
    facts = [("Takes those from", name) for name in names] or [("Takes those from", "it names no CA")]
    if identity is None:
        return Step(
            key,
            _WARNING,
            "The server asks for a client certificate, and none was sent.",
            tuple(facts),
            _CHOOSE,
        )
    ours = describe(identity.leaf)
    facts = [("Ours", f"{ours.subject} from {ours.issuer}, until {ours.not_after}"), *facts]
    if evidence.unchecked is not None:
        return Step(
            key,
            _SKIPPED,
            f"The server asks for a client certificate; {identity.name} was not shown to one that we don't trust.",
            tuple(facts),
        )
    if not handshake.presented:
        return Step(
            key,
            _WARNING,
            f"The server asks for a client certificate signed in a way that {identity.name} ({ours.key}) can't.",
            tuple(facts),
            "Choose an identity with another kind of key, RSA or ECDSA P-256.",
        )
    issuers = {describe(cert).issuer for cert in identity.chain}
    if names and not issuers & set(names):
        return Step(
            key,
            _WARNING,
            f"{identity.name} was sent, but comes from none of the CAs that the server names.",
            tuple(facts),
            "Choose an identity that one of them has issued, or have the server trust its CA.",
        )
    return Step(
        key, _OK, f"The server asks for a client certificate; {identity.name} was sent.", tuple(facts)
    )


def acceptance(evidence: Evidence) -> Step:
    """Whether they take us, as far as TLS tells."""
    key = "acceptance"
    first = evidence.first
    if evidence.unchecked is not None:
        return Step(key, _SKIPPED, "Not tried: our certificate is not shown to a server that is not trusted.")
    if first.content is False:
        return Step(
            key,
            _FAILED,
            "The server closed the connection right after the handshake, without an alert that says why.",
            advice="Some servers refuse a client certificate so: its log says more.",
        )
    if not (first.established or first.refused_ours):
        return Step(key, _SKIPPED, "The handshake did not get so far.")
    if first.failure is not None:
        return Step(
            key,
            _FAILED,
            first.failure.message,
            (("TLS alert", first.failure.alert),) if first.failure.alert else (),
            first.failure.next_step,
        )
    handshake = first.handshake
    if not handshake.asked:
        return Step(key, _OK, "Nobody was asked who they are, so anybody is taken.")
    if first.version == TLS13 and first.content is None:
        headline = "The server said nothing against us after the handshake."
    elif handshake.presented:
        headline = "The server has taken our certificate."
    else:
        headline = "The server has taken us without a certificate."
    facts = (("Remember", _BY_HTTP),)
    if handshake.presented:
        return Step(key, _OK, headline, facts)
    return Step(key, _WARNING, headline, facts, "A push may still be refused for it.")
