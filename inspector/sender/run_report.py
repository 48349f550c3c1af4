"""A run's summary as a file: JSON for programs, one HTML page for people. Imports the sender's records, `run_page` and
`inspector.whole_file`.

The JSON document is one object:

- `format` is "push-inspector-run", `version` 1, `software` as in "push-inspector 1.2.3";
- `title` says what was sent; `url` is the target without what a query holds; `concurrency` is how many connections at
  most; `rate` pushes a second as asked for, or null; `started_at` and `ended_at` are RFC 3339 UTC with milliseconds;
- `planned`, `sent`, `cancelled` (a boolean), `seconds`, `rate_reached` (pushes a second);
- `statuses` counts answers by status, `failures` pushes without one by reason: `{"count", "message", "next_step",
  "detail", "alert"}`, the words being those of the first one; together they are `sent`;
- `latency_ms` and `lateness_ms` (by how much pushes began after their time) have `count`, `lowest`, `mean`, `median`,
  `p90`, `p95`, `p99`, `p99_9`, `highest` and `buckets`, a list of `[low, high, count]`; latencies count from the time a
  push was meant to start, cancelled ones left out; percentiles are at most 1 % off, the other figures exact;
- `slot_seconds` and `series`, a list of `{"start", "accepted", "refused", "failed", "mean_latency_ms",
  "highest_latency_ms"}`: what ended in each stretch of time, `start` in seconds from the beginning;
- `history` is `{"stored", "lost", "error"}`, or null where nothing was to be kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import inspector
from inspector.errors import UsageError
from inspector.sender.latency_histogram import Histogram
from inspector.sender.run_progress import RunProgress, figures
from inspector.sender.run_record import Recorded
from inspector.whole_file import begun

FORMAT = "push-inspector-run"
VERSION = 1
ENDINGS = (".json", ".html")

# A bucket's three numbers, each on a line of its own.
_BUCKET = re.compile(r"\[\n +([0-9.e-]+),\n +([0-9.e-]+),\n +([0-9]+)\n +\]")


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run that is over (or stands at one moment), with what was asked for. `url` is the target's; of its query
    nothing is told, as tokens may be in it."""

    title: str
    url: str = field(repr=False)
    concurrency: int
    rate: float | None
    progress: RunProgress
    recorded: Recorded | None = None

    @property
    def shown_url(self) -> str:
        """The URL without secrets."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "…" if parts.query else "", ""))

    @property
    def software(self) -> str:
        """Who made it."""
        return f"push-inspector {inspector.__version__}"

    @property
    def started_at(self) -> datetime:
        """When the run began."""
        return datetime.fromtimestamp(self.progress.started_at / 1e6, UTC)

    @property
    def ended_at(self) -> datetime:
        """When it ended, or the moment it is seen at."""
        return datetime.fromtimestamp(self.progress.started_at / 1e6 + self.progress.seconds, UTC)


def check_ending(path: Path) -> None:
    """Raises UsageError for a file that a summary can't be saved as; before the run rather than after it."""
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(
            f"A summary can't be saved as {path.name}.", "Give the file the ending .json or .html."
        )
    if not path.absolute().parent.is_dir():
        raise UsageError(
            f"There is no folder {path.absolute().parent}.", "Make it first, or name another one."
        )


def save(report: RunReport, path: Path) -> None:
    """Write the report, in the way that the file's ending says, whole or not at all (mode 0600). Raises UsageError."""
    from inspector.sender.run_page import as_page

    check_ending(path)
    text = as_json(report) if path.suffix.lower() == ".json" else as_page(report)
    try:
        with begun(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise UsageError(f"Can't write {path}: {error.strerror or error}.", "Name another file.") from error


def as_json(report: RunReport) -> str:
    """The report as the module describes it."""
    progress, recorded = report.progress, report.recorded
    document = {
        "format": FORMAT,
        "version": VERSION,
        "software": report.software,
        "title": report.title,
        "url": report.shown_url,
        "concurrency": report.concurrency,
        "rate": report.rate,
        "started_at": _time(report.started_at),
        "ended_at": _time(report.ended_at),
        "planned": progress.planned,
        "sent": progress.sent,
        "cancelled": progress.cancelled,
        "seconds": round(progress.seconds, 6),
        "rate_reached": round(progress.rate, 3),
        "statuses": {str(status): count for status, count in progress.statuses.items()},
        "failures": {reason: _failure(progress, reason) for reason in progress.failures},
        "latency_ms": _durations(progress.latencies),
        "lateness_ms": _durations(progress.lateness),
        "slot_seconds": progress.slot_seconds,
        "series": [
            {
                "start": slot.start,
                "accepted": slot.accepted,
                "refused": slot.refused,
                "failed": slot.failed,
                "mean_latency_ms": round(slot.mean_latency, 6),
                "highest_latency_ms": round(slot.highest_latency, 6),
            }
            for slot in progress.series
        ],
        "history": None
        if recorded is None
        else {
            "stored": recorded.stored,
            "lost": recorded.lost,
            "error": recorded.error.message if recorded.error else None,
        },
    }
    return _BUCKET.sub(r"[\1, \2, \3]", json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _failure(progress: RunProgress, reason: str) -> dict[str, object]:
    first = progress.first_failures[reason]
    return {
        "count": progress.failures[reason],
        "message": first.message,
        "next_step": first.next_step,
        "detail": first.detail,
        "alert": first.alert,
    }


def _durations(histogram: Histogram) -> dict[str, object]:
    return {
        "count": histogram.count,
        **{name: round(value, 6) for name, value in figures(histogram).items()},
        "buckets": [[round(one.low, 6), round(one.high, 6), one.count] for one in histogram.buckets],
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
