"""One order to send, carried out: once or as the pusher retries, every attempt kept in the history.

Runs in the sending thread. Imports the workbench and the sender (httpx lazily).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.contract.answers import RETRY_ATTEMPTS, RETRY_INTERVAL_SECONDS
from inspector.errors import StateError
from inspector.sender.model import SendResult
from inspector.sender.retry import send_like_pusher, will_send_again
from inspector.workbench import SendRequest, Workbench

if TYPE_CHECKING:
    from inspector.sender.cancel import Cancel


@dataclass(frozen=True, slots=True)
class Order:
    """What to send where. `retry` sends again as the pusher does, `interval` seconds after an attempt."""

    request: SendRequest
    body: bytes = field(repr=False)
    retry: bool = False
    interval: float = RETRY_INTERVAL_SECONDS


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt's result, and why it is not in the history where it is not."""

    result: SendResult
    unrecorded: StateError | None = None


def carry_out(
    workbench: Workbench, order: Order, cancel: Cancel, report: Callable[[Attempted], None]
) -> Attempted | None:
    """Send and record. Returns the last attempt, the ones before it are reported as they come; None where it was
    cancelled while waiting for another. Raises UsageError (CertificateError) for what can't be sent so, and
    VaultError; trouble with the network is an attempt's result."""
    from inspector.sender.send import send

    target = workbench.target(order.request)

    def recorded(result: SendResult) -> Attempted:
        return Attempted(result, _record(workbench, result, order.body))

    if not order.retry:
        return recorded(send(target, order.body, cancel=cancel))
    attempts: list[Attempted] = []

    def attempted(result: SendResult) -> None:
        attempts.append(recorded(result))
        if not _is_last(len(attempts), result):
            report(attempts[-1])

    send_like_pusher(target, order.body, interval=order.interval, cancel=cancel, on_attempt=attempted)
    return attempts[-1] if _is_last(len(attempts), attempts[-1].result) else None


def _is_last(count: int, result: SendResult) -> bool:
    return count == RETRY_ATTEMPTS or not will_send_again(result)


def _record(workbench: Workbench, result: SendResult, body: bytes) -> StateError | None:
    """Keep an attempt. What was sent was sent: that it can't be kept must not hide what came of it."""
    from inspector.sender.record import to_event

    try:
        workbench.writer.add([to_event(result, body)])
    except StateError as error:
        return error
    return None
