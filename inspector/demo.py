"""The demo: in a throw-away home, the three documented samples sent by mutual TLS to a listener of our own, and one
client that is turned away. Everything is real: the listener, the identities, the sender. No Qt.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inspector.home import Home
from inspector.listener.events import HandshakeFailed, ListenerEvent, PushReceived
from inspector.sender.model import SendResult, Target, Trust
from inspector.workbench import DEV_CLIENT, ListenRequest, Workbench

SAMPLES = ("ios", "fcm", "huawei")
EXPECTED_SERVICES = ("apns", "fcm", "huawei")
EXPECTED_REASON = "unknown_issuer"
PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing the demo sent, and what came back. `client` is who sent it."""

    sample: str
    client: str
    result: SendResult


@dataclass(frozen=True, slots=True)
class Report:
    """What the listener saw, in order. `faults` says what is not as expected; empty when all is well."""

    url: str
    deliveries: tuple[Delivery, ...]
    pushes: tuple[PushReceived, ...]
    refusals: tuple[HandshakeFailed, ...]
    faults: tuple[str, ...]


@contextmanager
def throw_away_workbench() -> Iterator[Workbench]:
    """A workbench in a temporary home that is removed afterwards; its vault's key stays out of the OS keyring."""
    folder = Path(tempfile.mkdtemp(prefix="push-inspector-demo-"))
    try:
        yield Workbench(Home.at(folder), use_keyring=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def deliver(workbench: Workbench, url: str) -> tuple[Delivery, ...]:
    """Send the samples as dev-client, and one as a client whose CA nobody knows."""
    from inspector.certificates.mint import issue, make_ca
    from inspector.sender.send import send
    from inspector.sender.templates import find

    trust = Trust(system=False, extra_cas=workbench.vault.cas())
    client = workbench.vault.identity(DEV_CLIENT)
    rogue = issue(make_ca("rogue-ca"), "rogue-client", purposes=("client",))
    sent = [
        Delivery(name, DEV_CLIENT, send(Target(url=url, identity=client, trust=trust), find(name).body))
        for name in SAMPLES
    ]
    turned_away = send(Target(url=url, identity=rogue, trust=trust), find(SAMPLES[0]).body)
    return (*sent, Delivery(SAMPLES[0], rogue.name, turned_away))


def run_headless(workbench: Workbench) -> Report:
    """Listen on a free port, deliver, wait until all has arrived, stop."""
    pushes: list[PushReceived] = []
    refusals: list[HandshakeFailed] = []
    changed = threading.Condition()

    def note(event: ListenerEvent) -> None:
        with changed:
            if isinstance(event, PushReceived):
                pushes.append(event)
            elif isinstance(event, HandshakeFailed):
                refusals.append(event)
            changed.notify()

    workbench.ensure_identities()
    listener = workbench.listen(ListenRequest(port=0), note)
    url = listener.start().url
    try:
        deliveries = deliver(workbench, url)
        with changed:
            changed.wait_for(lambda: len(pushes) >= len(SAMPLES) and bool(refusals), PATIENCE_SECONDS)
    finally:
        listener.stop()
    return Report(
        url, deliveries, tuple(pushes), tuple(refusals), tuple(_faults(deliveries, pushes, refusals))
    )


def _faults(
    deliveries: tuple[Delivery, ...], pushes: list[PushReceived], refusals: list[HandshakeFailed]
) -> Iterator[str]:
    services = tuple(push.event.service.value for push in pushes)
    if services != EXPECTED_SERVICES:
        yield f"expected pushes for {', '.join(EXPECTED_SERVICES)}, saw {', '.join(services) or 'none'}"
    for push in pushes:
        if push.event.status != 200 or push.event.problems:
            yield f"push {push.written.id} was answered {push.event.status} with {len(push.event.problems)} problems"
    reasons = tuple(refusal.event.reason for refusal in refusals)
    if reasons != (EXPECTED_REASON,):
        yield f"expected one client turned away for {EXPECTED_REASON}, saw {', '.join(map(str, reasons)) or 'none'}"
    for delivery in deliveries[:-1]:
        if delivery.result.status != 200:
            yield f"the sender of {delivery.sample} saw {delivery.result.status or delivery.result.failure}"
    failure = deliveries[-1].result.failure
    if failure is None or failure.alert is None:
        yield "the client that was turned away did not receive the alert"
