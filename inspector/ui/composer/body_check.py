"""What can be said of a body before it is sent. Pure; imports the contract."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.contract.push import Problem, Service, Severity

PROVIDER_BYTES = 4096
"""What all three providers take at most, in bytes of JSON."""

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class BodyCheck:
    """A body's size in bytes, the provider it is for and its departures from the documented contract; apart from
    these, what the provider would refuse further on."""

    size: int
    service: Service
    problems: tuple[Problem, ...]
    refusals: tuple[Problem, ...] = ()

    @property
    def worst(self) -> Severity | None:
        """The worst problem's severity; None where there is no problem."""
        found = {problem.severity for problem in self.problems}
        return next((severity for severity in _ORDER if severity in found), None)


def check_body(body: bytes) -> BodyCheck:
    """Look at a body as the listener would."""
    from inspector.contract.parse import parse  # slow to import, and this runs in the worker
    from inspector.contract.refusals import refusals

    push = parse(body)
    # What the proxy changes with every push anyway is no news to somebody who writes one.
    refused = tuple(one for one in refusals(push) if one.severity is not Severity.INFO)
    return BodyCheck(len(body), push.service, push.problems, refused)
