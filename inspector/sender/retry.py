"""Sending again as the pusher does: after a 5xx or a network error, in intervals, a few times.

Imports `inspector.contract` and the sender (httpx lazily).
"""

from __future__ import annotations

from collections.abc import Callable

from inspector.contract.answers import RETRY_ATTEMPTS, RETRY_INTERVAL_SECONDS, will_retry
from inspector.errors import UsageError
from inspector.sender.cancel import LONGEST_WAIT, Cancel
from inspector.sender.model import SendResult, Target


def send_like_pusher(
    target: Target,
    body: bytes,
    *,
    interval: float = RETRY_INTERVAL_SECONDS,
    attempts: int = RETRY_ATTEMPTS,
    cancel: Cancel | None = None,
    on_attempt: Callable[[SendResult], None] | None = None,
) -> list[SendResult]:
    """Send until an answer is final or there were `attempts` attempts, with `interval` seconds from the end
    of one to the begin of the next. Returns the results in order, at least one; `on_attempt` gets each as
    it comes.

    Whether the pusher counts the first attempt among its 4 is not documented; here `attempts` counts it. A
    cancel during an attempt makes that one's result `cancelled`; a cancel between two adds none. Raises
    UsageError for a target that nothing can be sent to.
    """
    from inspector.sender.send import Prepared, Session

    if attempts < 1:
        raise UsageError("There must be at least one attempt.", "Give a number of attempts from 1 on.")
    if not 0 <= interval <= LONGEST_WAIT:
        raise UsageError(
            "The interval between attempts must be from 0 seconds to a day.",
            f"Leave it out for {RETRY_INTERVAL_SECONDS:g} seconds.",
        )
    cancel = cancel or Cancel()
    results: list[SendResult] = []
    with Session(Prepared(target), cancel=cancel) as session:
        while True:
            results.append(session.post(body))
            if on_attempt is not None:
                on_attempt(results[-1])
            if len(results) == attempts or not will_send_again(results[-1]) or cancel.wait(interval):
                return results


def will_send_again(result: SendResult) -> bool:
    """Whether the pusher would send the same push again after this."""
    if result.failure is not None:
        return result.failure.reason != "cancelled"
    return result.status is not None and will_retry(result.status)
