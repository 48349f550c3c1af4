"""How large a push is for each provider, the other ones too: converted for them and sent on. Pure; imports the
contract."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.contract.convert import convert_document
from inspector.contract.push import Push, Service
from inspector.contract.sent_on.model import SentOn
from inspector.contract.sent_on.request import send_on

PROVIDERS = {Service.APNS: "APNs", Service.FCM: "FCM", Service.HUAWEI: "Huawei"}
"""The providers by their own names (a Service's label names the phone)."""


@dataclass(frozen=True, slots=True)
class ProviderSize:
    """Bytes as one provider counts them, and the most it takes. `measured` says what is counted; `own` is whether the
    push is for this provider as it is."""

    service: Service
    size: int
    limit: int
    measured: str
    own: bool

    @property
    def provider(self) -> str:
        """The provider's name."""
        return PROVIDERS[self.service]


def provider_sizes(push: Push, request: SentOn | None) -> tuple[ProviderSize, ...]:
    """The size for every provider, with `request` being what is sent on to the push's own, if that is known. Empty
    where the body is no JSON object."""
    if not isinstance(push.document, dict):
        return ()
    found = []
    for service in PROVIDERS:
        own = request is not None and request.service is service
        made = request if own else None
        made = made or send_on(convert_document(push.document, service, []), service)
        found.append(ProviderSize(service, made.size, made.limit, made.measured, own))
    return tuple(found)
