"""What can be said of a body before it is sent. Pure; imports the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.contract.push import Problem, Service, Severity

if TYPE_CHECKING:
    from inspector.contract.sent_on.sizes import ProviderSize

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_NEARLY_FULL = 0.9


@dataclass(frozen=True, slots=True)
class BodyCheck:
    """A body's size in bytes, the provider it is for and its departures from the documented contract; apart from
    these, what the provider would refuse further on, and how large the body is for each provider, as it would be sent
    on to it."""

    size: int
    service: Service
    problems: tuple[Problem, ...]
    refusals: tuple[Problem, ...] = ()
    sizes: tuple[ProviderSize, ...] = ()

    @property
    def worst(self) -> Severity | None:
        """The worst problem's severity; None where there is no problem."""
        found = {problem.severity for problem in self.problems}
        return next((severity for severity in _ORDER if severity in found), None)

    @property
    def own_size(self) -> ProviderSize | None:
        """The size for the provider that the body is for; None where that is not known."""
        return next((size for size in self.sizes if size.own), None)

    @property
    def fullness(self) -> str:
        """How near the body is to what its provider takes: `` (far), `near` (from 90 %), or `over`."""
        own = self.own_size
        if own is None or own.size < _NEARLY_FULL * own.limit:
            return ""
        return "over" if own.size > own.limit else "near"


def check_body(body: bytes) -> BodyCheck:
    """Look at a body as the listener would, and as the provider further on."""
    # Slow to import, and this runs in the worker.
    from inspector.contract.parse import parse
    from inspector.contract.refusals import refusals
    from inspector.contract.sent_on.request import sent_on
    from inspector.contract.sent_on.sizes import provider_sizes

    push = parse(body)
    request = sent_on(push)
    # What the proxy changes with every push anyway is no news to somebody who writes one.
    refused = tuple(one for one in refusals(push, request) if one.severity is not Severity.INFO)
    return BodyCheck(len(body), push.service, push.problems, refused, provider_sizes(push, request))
