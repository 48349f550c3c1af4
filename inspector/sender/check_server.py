"""The steps of a check that are about the server's certificate: its chain, trust, expiry and name. Imports
cryptography, `inspector.certificates` and the sender's records."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cryptography import x509

from inspector.certificates.chain import issued_by
from inspector.certificates.check import check
from inspector.certificates.describe import describe
from inspector.certificates.host_names import is_named
from inspector.certificates.model import CertificateFacts, Finding, Severity
from inspector.sender.check_evidence import Evidence
from inspector.sender.connection_check import Step, StepState
from inspector.sender.untrusted import other_name

_OK, _WARNING, _FAILED, _SKIPPED = StepState.OK, StepState.WARNING, StepState.FAILED, StepState.SKIPPED
_OF_CHAIN = ("wrong_order", "weak_key", "weak_signature", "wrong_purpose", "incomplete_chain")
_OF_TIME = ("expired", "not_yet_valid", "expires_soon")
_MOST_NAMES = 12

Tell = Callable[[Evidence, tuple[x509.Certificate, ...]], Step]


def chain(evidence: Evidence) -> Step:
    """Each certificate as presented, and whether one leads to the next."""
    return _of_chain("chain", _chain, evidence)


def trust(evidence: Evidence) -> Step:
    """Whether we trust it, and by what."""
    return _of_chain("trust", _trust, evidence)


def expiry(evidence: Evidence) -> Step:
    """Whether it is in its time, and for how long."""
    return _of_chain("expiry", _expiry, evidence)


def name(evidence: Evidence) -> Step:
    """Whether it is for the host that was asked for."""
    return _of_chain("name", _name, evidence)


def _of_chain(key: str, tell: Tell, evidence: Evidence) -> Step:
    presented = evidence.chain
    if not presented:
        return Step(key, _SKIPPED, "The server's certificate could not be seen.")
    return tell(evidence, presented)


def _chain(_evidence: Evidence, presented: tuple[x509.Certificate, ...]) -> Step:
    facts = []
    for place, cert in enumerate(presented):
        told = describe(cert)
        facts.append(
            (str(place + 1), f"{told.subject} from {told.issuer}, until {told.not_after}; {told.key}")
        )
        if place + 1 < len(presented) and not issued_by(cert, presented[place + 1]):
            facts.append(("", f"{place + 1} was not issued by {place + 2}"))
    count = len(presented)
    found = [one for one in _findings(presented) if one.code in _OF_CHAIN]
    if count == 1 and describe(presented[0]).self_signed:
        headline = "One certificate, which is self-signed."
    elif count == 1:
        headline = "One certificate; the server sends no other along."
    else:
        headline = f"{count} certificates."
        if not any(label == "" for label, _text in facts):
            headline = f"{count} certificates, each issued by the next."
    worst = [one for one in found if one.severity is Severity.ERROR]
    if worst:
        return Step("chain", _WARNING, headline, tuple(facts), " ".join(one.message for one in worst))
    return Step("chain", _OK, headline, tuple(facts))


def _trust(evidence: Evidence, presented: tuple[x509.Certificate, ...]) -> Step:
    how = evidence.target.trust
    leaf = describe(presented[0])
    facts = (("SHA-256", leaf.fingerprint_sha256),)
    if evidence.distrust is not None:
        failure = evidence.distrust
        pinned = (("Pinned", how.pin),) if how.pin else ()
        return Step("trust", _FAILED, failure.message, (*facts, *pinned), failure.next_step)
    if how.pin:
        return Step("trust", _OK, "It is exactly the pinned certificate.", facts)
    if how.insecure:
        return Step(
            "trust",
            _WARNING,
            "Not checked: any server would be taken.",
            facts,
            "Trust its CA, or pin this certificate, to be sure of whom the pushes go to.",
        )
    if evidence.first.failure is not None and not evidence.first.refused_ours and evidence.unchecked is None:
        return Step("trust", _SKIPPED, "The handshake ended before it was checked.", facts)
    by = {
        (True, True): "the OS trust store, or by a CA of the vault",
        (True, False): "the OS trust store",
        (False, True): "the CAs that were given",
        (False, False): "nothing",
    }[how.system, bool(how.extra_cas)]
    return Step("trust", _OK, f"Trusted by {by}.", facts)


def _expiry(evidence: Evidence, presented: tuple[x509.Certificate, ...]) -> Step:
    leaf = describe(presented[0])
    facts = (("Valid from", leaf.not_before), ("Valid until", leaf.not_after))
    found = [one for one in _findings(presented) if one.code in _OF_TIME]
    bad = [one for one in found if one.severity is Severity.ERROR]
    if bad:
        return Step(
            "expiry", _bad(evidence), _and_unchecked(evidence, bad[0].message), facts, _remedy(bad[0])
        )
    if found:
        return Step("expiry", _WARNING, found[0].message, facts, "Have it renewed in time.")
    return Step("expiry", _OK, f"Valid for another {_days(leaf)}, until {leaf.not_after}.", facts)


def _name(evidence: Evidence, presented: tuple[x509.Certificate, ...]) -> Step:
    names = describe(presented[0]).names
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    facts = (("Names", ", ".join(names[:_MOST_NAMES]) + more or "none"),)
    if is_named(evidence.server_name, names):
        return Step("name", _OK, f"It is for {evidence.server_name}.", facts)
    message, next_step = other_name(names, evidence.server_name)
    return Step("name", _bad(evidence), _and_unchecked(evidence, message), facts, next_step)


def _bad(evidence: Evidence) -> StepState:
    """What a fault is that only counts where it is checked."""
    return _FAILED if evidence.target.trust.verifies else _WARNING


def _and_unchecked(evidence: Evidence, message: str) -> str:
    return message if evidence.target.trust.verifies else f"{message} That is not checked here."


def _findings(presented: Sequence[x509.Certificate]) -> tuple[Finding, ...]:
    return check(presented, None, purpose="server")


def _remedy(finding: Finding) -> str:
    if finding.code == "not_yet_valid":
        return "Check this machine's clock, and the certificate on the server."
    return "Renew it on the server."


def _days(leaf: CertificateFacts) -> str:
    return f"{leaf.days_left} day{'' if leaf.days_left == 1 else 's'}"
