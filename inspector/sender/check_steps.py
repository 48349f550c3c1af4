"""The steps of a check of a connection, told from what was seen. No I/O. Imports `inspector.certificates` and the
sender's records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cryptography import x509

from inspector.certificates.chain import issued_by
from inspector.certificates.describe import describe
from inspector.certificates.model import CertificateFacts
from inspector.sender.check_client import acceptance, our_certificate
from inspector.sender.check_evidence import Evidence
from inspector.sender.check_server import chain, expiry, name, trust
from inspector.sender.connection_check import STEP_TITLES, Link, Step, StepState

_OK, _WARNING, _FAILED, _SKIPPED = StepState.OK, StepState.WARNING, StepState.FAILED, StepState.SKIPPED
_REST = (
    ("client_certificate", our_certificate),
    ("acceptance", acceptance),
    ("chain", chain),
    ("trust", trust),
    ("expiry", expiry),
    ("name", name),
)


def steps(evidence: Evidence) -> tuple[Step, ...]:
    """All steps in order; those after one that ended the connection are skipped."""
    return tuple(_steps(evidence))


def links(chain: Sequence[x509.Certificate]) -> tuple[Link, ...]:
    """The certificates of a chain, and whether each is really issued by the next."""
    return tuple(
        _link(
            describe(cert),
            issued=issued_by(cert, chain[place + 1]) if place + 1 < len(chain) else None,
        )
        for place, cert in enumerate(chain)
    )


def _steps(evidence: Evidence) -> Iterator[Step]:
    proxy = evidence.target.proxy
    done: list[Step] = []
    parts: list[tuple[str, Callable[[Evidence], Step]]] = [("resolve", _resolve), ("connect", _connect)]
    if proxy is not None:
        parts.append(("proxy", _proxy))
    parts.append(("tls", _tls))
    if evidence.secure:
        parts += _REST
    ended: Step | None = None
    for key, tell in parts:
        step = tell(evidence) if ended is None else _skipped(key, ended)
        # What the server has shown of itself stands, whatever it thinks of us.
        if ended is None and step.state is _FAILED and key in ("resolve", "connect", "proxy", "tls"):
            ended = step if not (key == "tls" and evidence.first.handshake.chain) else None
        done.append(step)
    yield from done


def _skipped(key: str, ended: Step) -> Step:
    return Step(key, _SKIPPED, f"Not done: “{STEP_TITLES[ended.key]}” failed before.")


def _resolve(evidence: Evidence) -> Step:
    attempt, failure = evidence.first.attempt, evidence.first.failure
    proxy = evidence.target.proxy
    host = proxy.host if proxy is not None else evidence.host
    spent = evidence.first.timings.resolve
    if not attempt.addresses:
        assert failure is not None
        return Step("resolve", _FAILED, failure.message, _detail(failure.detail), failure.next_step, spent)
    facts = [("Addresses", ", ".join(attempt.addresses))]
    if proxy is not None:
        facts.append(("Looked up", "the HTTP proxy; it looks up the target itself"))
    if spent is None:
        return Step("resolve", _OK, f"{host} is an address: nothing to look up.", tuple(facts))
    count = len(attempt.addresses)
    return Step(
        "resolve",
        _OK,
        f"{host} has {count} address{'es' if count > 1 else ''}.",
        tuple(facts),
        milliseconds=spent,
    )


def _connect(evidence: Evidence) -> Step:
    first = evidence.first
    facts = [(address, _plain(error)) for address, error in first.attempt.missed]
    spent = first.timings.connect
    if not first.attempt.reached:
        assert first.failure is not None
        return Step("connect", _FAILED, first.failure.message, tuple(facts), first.failure.next_step, spent)
    to = "the HTTP proxy at " if evidence.target.proxy is not None else ""
    if first.stream is not None:
        facts.insert(0, ("Our address", first.stream.local))
    return Step(
        "connect", _OK, f"Connected to {to}{first.attempt.reached}.", tuple(facts), milliseconds=spent
    )


def _proxy(evidence: Evidence) -> Step:
    first = evidence.first
    if first.stream is None:
        assert first.failure is not None
        return Step("proxy", _FAILED, first.failure.message, advice=first.failure.next_step)
    return Step("proxy", _OK, f"The proxy has connected on to {evidence.where}.")


def _tls(evidence: Evidence) -> Step:
    if not evidence.secure:
        return Step(
            "tls",
            _WARNING,
            "Plain HTTP: nothing is encrypted, and neither side shows who it is.",
            advice="LivePerson's pusher sends by https alone: write https:// if that is meant.",
        )
    seen = evidence.seen
    spent = evidence.first.timings.tls
    failure = seen.failure if not seen.established else None
    if failure is not None and not seen.refused_ours:
        return Step("tls", _FAILED, failure.message, _detail(failure.detail), failure.next_step, spent)
    tls = seen.stream.tls if seen.stream is not None else None
    cipher = tls.cipher() if tls is not None and seen.established else None
    facts = [
        ("Version", seen.version or ""),
        ("Cipher", cipher[0] if cipher else ""),
        (
            "ALPN",
            (tls.selected_alpn_protocol() or "none chosen") if tls is not None and seen.established else "",
        ),
        ("SNI", evidence.server_name),
    ]
    spoken = f"{seen.version or 'TLS'}{f' with {cipher[0]}' if cipher else ''}"
    headline = f"{spoken}." if seen.established else f"{spoken}, until the server broke off."
    if evidence.unchecked is not None:
        headline = f"{spoken}, as a second handshake without checks shows: we don't take this server."
    return Step(
        "tls",
        _OK if evidence.unchecked is None else _WARNING,
        headline,
        tuple((label, text) for label, text in facts if text),
        milliseconds=spent,
    )


def _link(facts: CertificateFacts, *, issued: bool | None) -> Link:
    return Link(
        subject=facts.subject,
        issuer=facts.issuer,
        not_before=facts.not_before,
        not_after=facts.not_after,
        days_left=facts.days_left,
        fingerprint_sha256=facts.fingerprint_sha256,
        key=facts.key,
        names=facts.names,
        self_signed=facts.self_signed,
        issued_by_next=issued,
    )


def _plain(error: OSError) -> str:
    return error.strerror or str(error)


def _detail(text: str) -> tuple[tuple[str, str], ...]:
    return (("Said", text),) if text else ()
