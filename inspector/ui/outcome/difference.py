"""What differs between two results: outcome, time by phase, connection, headers, body. Runs in the worker's thread.

Pure; imports the sender's records, the contract and the pure parts of the comparison of pushes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.contract.masking import mask_body, mask_headers, mask_url
from inspector.contract.text import reformat
from inspector.history.model import Headers
from inspector.sender.model import SendResult
from inspector.ui.compare.lines import Line, text_lines
from inspector.ui.composer.phase_bar import milliseconds, phases
from inspector.ui.composer.wording import failure_headline
from inspector.ui.detail.body_text import body_text

LONGEST_BODY = 64 * 1024
_TINY_MS = 0.05


@dataclass(frozen=True, slots=True)
class Pair:
    """What both results say of one thing, empty where one says nothing; `change` how much more or less it is now."""

    name: str
    before: str
    after: str
    same: bool
    change: str = ""


@dataclass(frozen=True, slots=True)
class ResultDifference:
    """All that is shown: facts in pairs, times in pairs, and the lines of both bodies."""

    facts: tuple[Pair, ...]
    times: tuple[Pair, ...]
    headers: tuple[Pair, ...] = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def same_body(self) -> bool:
        return all(line.place is None for line in self.lines)

    @property
    def words(self) -> str:
        """What differs, in a few words; times always do."""
        what = [pair.name.lower() for pair in self.facts if not pair.same]
        count = sum(not pair.same for pair in self.headers)
        what += [f"{count} header{'s' * (count != 1)}"] if count else []
        what += [] if self.same_body else ["the body"]
        return f"Differs: {', '.join(what)}" if what else "The same answer"


def compare_results(before: SendResult, after: SendResult, *, reveal: bool = False) -> ResultDifference:
    """Compare a result with an earlier one. Secrets are masked unless `reveal`; whether they are equal is told all the
    same."""
    return ResultDifference(
        _pairs(_facts(before), _facts(after)),
        _times(before, after),
        _headers(before, after, reveal=reveal),
        _lines(before, after, reveal=reveal),
    )


def _facts(result: SendResult) -> dict[str, str]:
    connection = result.connection
    tls = connection.tls if connection is not None else None
    certificate = connection.certificate if connection is not None else None
    auth = result.client_auth
    status = failure_headline(result.failure.reason) if result.failure is not None else str(result.status)
    return {
        "Result": status,
        "Target": mask_url(result.url),
        "Alert": (result.failure.alert or "") if result.failure is not None else "",
        "TLS": " · ".join(part for part in (tls.version, tls.cipher) if part) if tls is not None else "",
        "Certificate": certificate.fingerprint_sha256[:16] if certificate is not None else "",
        "Ours": ""
        if auth is None
        else "sent"
        if auth.presented
        else "asked for, not sent"
        if auth.asked
        else "not asked for",
    }


def _pairs(before: dict[str, str], after: dict[str, str]) -> tuple[Pair, ...]:
    pairs = []
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name, ""), after.get(name, "")
        if one or other:
            pairs.append(Pair(name, one, other, one == other))
    return tuple(pairs)


def _times(before: SendResult, after: SendResult) -> tuple[Pair, ...]:
    one, other = dict(phases(before.timings)), dict(phases(after.timings))
    for known, result in ((one, before), (other, after)):
        if result.timings.total is not None:
            known["total"] = result.timings.total
    order = ("resolve", "connect", "TLS", "send", "wait", "read", "total")
    pairs = []
    for name in order:
        if name in one or name in other:
            left, right = one.get(name), other.get(name)
            pairs.append(
                Pair(
                    name,
                    "" if left is None else milliseconds(left),
                    "" if right is None else milliseconds(right),
                    left == right,
                    "" if left is None or right is None else _change(right - left),
                )
            )
    return tuple(pairs)


def _change(spent: float) -> str:
    if abs(spent) < _TINY_MS:
        return "±0"
    return f"{'+' if spent > 0 else '−'}{milliseconds(abs(spent))}"


def _headers(before: SendResult, after: SendResult, *, reveal: bool) -> tuple[Pair, ...]:
    real = _pairs(_together(before.answer_headers), _together(after.answer_headers))
    if reveal:
        return real
    one, other = (_together(mask_headers(result.answer_headers, custom=True)) for result in (before, after))
    return tuple(
        Pair(pair.name, one.get(pair.name, ""), other.get(pair.name, ""), pair.same) for pair in real
    )


def _together(headers: Headers) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return {name: ", ".join(values) for name, values in found.items()}


def _lines(before: SendResult, after: SendResult, *, reveal: bool) -> tuple[Line, ...]:
    bodies = before.answer_body[:LONGEST_BODY], after.answer_body[:LONGEST_BODY]
    if not any(bodies):
        return ()
    shown = bodies if reveal else (mask_body(bodies[0]), mask_body(bodies[1]))
    return text_lines((_text(bodies[0]), _text(bodies[1])), (_text(shown[0]), _text(shown[1])))


def _text(body: bytes) -> str:
    """Laid out where it is JSON, so that a line is a value."""
    return reformat(body_text(body))
