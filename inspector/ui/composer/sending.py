"""One order to send, carried out: once or as the pusher retries, every attempt kept in the history.

Runs in the sending thread. Imports the workbench and the sender (httpx lazily).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.contract.answers import RETRY_ATTEMPTS, RETRY_INTERVAL_SECONDS
from inspector.errors import CertificateError, StateError, UsageError
from inspector.sender.model import SendResult
from inspector.sender.retry import send_like_pusher, will_send_again
from inspector.workbench import SendRequest, Workbench

if TYPE_CHECKING:
    from inspector.sender.cancel import Cancel
    from inspector.sender.model import Target


@dataclass(frozen=True, slots=True)
class Order:
    """What to send where. `retry` sends again as the pusher does, `interval` seconds after an attempt, up to `attempts`
    times in all."""

    request: SendRequest
    body: bytes = field(repr=False)
    retry: bool = False
    interval: float = RETRY_INTERVAL_SECONDS
    attempts: int = RETRY_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Ours:
    """The certificate that we had to show: the identity's name, and its subject and last day."""

    name: str
    subject: str
    not_after: str


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt's result, why it is not in the history where it is not, and what we had to show."""

    result: SendResult
    unrecorded: StateError | None = None
    ours: Ours | None = None


def carry_out(
    workbench: Workbench, order: Order, cancel: Cancel, report: Callable[[Attempted], None]
) -> Attempted | None:
    """Send and record. Returns the last attempt, the ones before it are reported as they come; None where it was
    cancelled while waiting for another. Raises UsageError (CertificateError) for what can't be sent so, and
    VaultError; trouble with the network is an attempt's result."""
    from inspector.sender.send import send

    target = _target(workbench, order.request)
    ours = ours_of(target)

    def recorded(result: SendResult) -> Attempted:
        return Attempted(result, _record(workbench, result, order.body), ours)

    if not order.retry:
        return recorded(send(target, order.body, cancel=cancel))
    attempts: list[Attempted] = []

    def attempted(result: SendResult) -> None:
        attempts.append(recorded(result))
        if not is_last(result):
            report(attempts[-1])

    def is_last(result: SendResult) -> bool:
        return len(attempts) == order.attempts or not will_send_again(result)

    send_like_pusher(
        target,
        order.body,
        interval=order.interval,
        attempts=order.attempts,
        cancel=cancel,
        on_attempt=attempted,
    )
    return attempts[-1] if is_last(attempts[-1].result) else None


def _target(workbench: Workbench, request: SendRequest) -> Target:
    """The request's target. A CertificateError is about the identity; of any other certificate it is a UsageError."""
    identity = workbench.vault.identity(request.identity) if request.identity else None
    try:
        return workbench.target(request, identity)
    except CertificateError as error:
        raise UsageError(error.message, error.next_step, code=error.code) from error


def ours_of(target: Target) -> Ours | None:
    """What a target has to show for itself, None for nothing."""
    if target.identity is None:
        return None
    from inspector.certificates.describe import describe

    facts = describe(target.identity.leaf)
    return Ours(target.identity.name, facts.subject, facts.not_after)


def _record(workbench: Workbench, result: SendResult, body: bytes) -> StateError | None:
    """Keep an attempt. What was sent was sent: that it can't be kept must not hide what came of it."""
    from inspector.sender.record import to_event

    try:
        workbench.writer.add([to_event(result, body)])
    except StateError as error:
        return error
    return None
