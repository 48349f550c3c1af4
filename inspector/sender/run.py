"""Many pushes to one target: as fast as it takes them, at a steady rate, or as a script has them.

One thread drives all connections by events. It gives Python's lock up at every call of the system, so the window of the
same process stays fluid; sixteen threads with httpx reached 1,900 to 2,100 pushes a second over mutual TLS where this
reaches ten times that. Only connecting, which must wait for name servers and handshakes, has threads of its own.

Imports the sender (httpx and httptools lazily).
"""

from __future__ import annotations

from collections.abc import Callable

from inspector.errors import UsageError
from inspector.sender.cancel import Cancel
from inspector.sender.model import SendResult, Target
from inspector.sender.run_plan import Plan
from inspector.sender.run_progress import RunProgress, RunSummary, Tally, summarize

MOST_CONCURRENT = 256

OnResult = Callable[[SendResult, bytes], None]


class Run:
    """A run that can be watched: `go` in one thread, `progress` from any other, as often as a plot likes.

    Raises UsageError for numbers that make no run.
    """

    def __init__(
        self,
        target: Target,
        plan: Plan,
        *,
        concurrency: int = 1,
        cancel: Cancel | None = None,
        on_result: OnResult | None = None,
    ) -> None:
        if not 1 <= concurrency <= MOST_CONCURRENT:
            raise UsageError(
                f"{concurrency} connections at the same time can't be made.",
                f"Give a number from 1 to {MOST_CONCURRENT}.",
            )
        self.target = target
        self.plan = plan
        self.concurrency = concurrency
        self.cancel = cancel or Cancel()
        self._on_result = on_result
        self._tally = Tally(plan.count)

    def progress(self) -> RunProgress:
        """The run as it is now. Thread-safe; costs well under a millisecond."""
        return self._tally.snapshot()

    def go(self) -> RunSummary:
        """Send all pushes, over at most `concurrency` connections, which are kept alive; once only.

        A push that is due at a time counts its latency from then, whatever became of those before: a server that
        stalls shows in the latencies of all pushes that had to wait for it. Others begin when a connection is free.

        The plan's `body(n)` and `on_result(result, body)` (as they come; `result.number` is n) are called in this
        thread, between pushes, so they must not wait. What they raise ends the run and is raised here. A cancel ends
        it too, within 100 ms: pushes under way come out `cancelled`. Raises UsageError (CertificateError) for a target
        that nothing can be sent to.
        """
        from inspector.sender.run_loop import Loop
        from inspector.sender.send import Prepared

        prepared = Prepared(self.target)
        with Loop(prepared, self.plan, self.concurrency, self.cancel, self._tally, self._on_result) as loop:
            loop.go()
        return summarize(self._tally.snapshot())


def run(
    target: Target,
    plan: Plan,
    *,
    concurrency: int = 1,
    cancel: Cancel | None = None,
    on_result: OnResult | None = None,
) -> RunSummary:
    """Send what `plan` says; see Run. Raises as it does."""
    return Run(target, plan, concurrency=concurrency, cancel=cancel, on_result=on_result).go()
