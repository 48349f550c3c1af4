"""One run, carried out: made ready, sent, kept in the history. Runs in the run's thread; no Qt. Imports the workbench
and the sender (lazily, but for its records)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.errors import InspectorError
from inspector.sender.run_progress import RunProgress
from inspector.sender.run_record import Keep, Recorded, Recorder
from inspector.ui.runs.order import RunOrder
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.sender.cancel import Cancel
    from inspector.sender.run import Run


@dataclass(frozen=True, slots=True)
class Begun:
    """The run is on its way: it can be watched. `remark` is what is to be said of what it sends; may be empty."""

    run: Run
    remark: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of it. `error` is what ended it before its time, `recorded` how the history kept it (None where it was
    not to)."""

    progress: RunProgress
    recorded: Recorded | None
    error: InspectorError | None = None


def carry_out(
    workbench: Workbench, order: RunOrder, cancel: Cancel, report: Callable[[Begun], None]
) -> Ended:
    """Send what is ordered. Raises InspectorError where not one push can be sent; trouble with the network, and of the
    history, is told in the result."""
    from inspector.sender.run import Run

    target = workbench.target(order.request)
    if order.keep is not Keep.NONE:
        _ = workbench.writer  # a history that can't be used is said before anything is sent
    error: InspectorError | None = None
    with order.source.opened(workbench) as opened, Recorder(workbench.record, order.keep) as recorder:
        run = Run(target, opened.plan, concurrency=order.concurrency, cancel=cancel, on_result=recorder.take)
        report(Begun(run, opened.remark))
        try:
            run.go()
        except InspectorError as raised:
            if not run.progress().sent:
                raise
            error = raised
    return Ended(run.progress(), recorder.recorded if order.keep is not Keep.NONE else None, error)
