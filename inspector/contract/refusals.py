"""What a provider would refuse further on, if a correct proxy sent the push on. Pure; imports its own room.

That is no problem of the push, which may well be as documented: a push proxy changes it on its way (`sent_on`). Each
finding's code is the error that the provider would answer with.
"""

from __future__ import annotations

from collections.abc import Callable

from inspector.contract.anatomy import JsonObject
from inspector.contract.findings import Findings
from inspector.contract.push import Problem, Push, Service
from inspector.contract.refusing import apns, fcm, huawei
from inspector.contract.sent_on.model import SentOn
from inspector.contract.sent_on.request import sent_on

_CHECKS: dict[Service, Callable[[JsonObject, SentOn, Findings], None]] = {
    Service.APNS: apns.check,
    Service.FCM: fcm.check,
    Service.HUAWEI: huawei.check,
}


def refusals(push: Push, request: SentOn | None = None) -> tuple[Problem, ...]:
    """What the push's provider would say to it; empty where the provider is not known. Paths lead into the push.
    `request` is what is sent on, where the caller has it."""
    request = request or sent_on(push)
    if request is None or not isinstance(push.document, dict):
        return ()
    findings = Findings()
    _CHECKS[push.service](push.document, request, findings)
    return findings.result()
