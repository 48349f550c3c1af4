"""A run's summary as a file. Runs in the worker's thread; no Qt. Imports the sender's reports."""

from __future__ import annotations

from pathlib import Path

from inspector.sender.run_report import RunReport, save
from inspector.ui.runs.driver import Seen


def save_summary(seen: Seen, path: Path) -> None:
    """Save it in the way that the file's ending says. Raises UsageError where it can't be written."""
    order = seen.order
    report = RunReport(
        title=order.source.title,
        url=order.request.url,
        concurrency=order.concurrency,
        rate=order.source.rate,
        progress=seen.progress,
        recorded=seen.recorded,
    )
    save(report, path)
