"""One order to send, carried out: once or as the pusher retries, every attempt kept in the history.

Runs in the sending thread. Imports the workbench and the sender (httpx lazily).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.contract.answers import RETRY_INTERVAL_SECONDS
from inspector.errors import StateError
from inspector.sender.model import SendResult
from inspector.workbench import SendRequest, Workbench

if TYPE_CHECKING:
    from inspector.sender.cancel import Cancel


@dataclass(frozen=True, slots=True)
class Order:
    """What to send where. `title` names the body for people, empty for what the editor holds; `retry` sends again as
    the pusher does, `interval` seconds after an attempt."""

    request: SendRequest
    body: bytes = field(repr=False)
    title: str = ""
    retry: bool = False
    interval: float = RETRY_INTERVAL_SECONDS


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt's result, and why it is not in the history where it is not."""

    result: SendResult
    unrecorded: StateError | None = None


def carry_out(
    workbench: Workbench, order: Order, cancel: Cancel, report: Callable[[Attempted], None]
) -> None:
    """Send, record and report each attempt. Raises UsageError (CertificateError) for what can't be sent so, and
    VaultError; trouble with the network is an attempt's result."""
    from inspector.sender.retry import send_like_pusher
    from inspector.sender.send import send

    target = workbench.target(order.request)

    def attempted(result: SendResult) -> None:
        report(Attempted(result, _record(workbench, result, order.body)))

    if order.retry:
        send_like_pusher(target, order.body, interval=order.interval, cancel=cancel, on_attempt=attempted)
    else:
        attempted(send(target, order.body, cancel=cancel))


def _record(workbench: Workbench, result: SendResult, body: bytes) -> StateError | None:
    """Keep an attempt. What was sent was sent: that it can't be kept must not hide what came of it."""
    from inspector.sender.record import to_event

    try:
        workbench.writer.add([to_event(result, body)])
    except StateError as error:
        return error
    return None
