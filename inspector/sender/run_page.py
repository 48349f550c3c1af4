"""A run's summary as one HTML page that needs nothing else: style and drawings are in it, scripts and references are
not. Everything that comes from outside is escaped, and the page's own policy forbids whatever it does not need.

Pure; imports the sender's records and the contract's words for answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from inspector.contract.answers import meaning
from inspector.sender import run_charts
from inspector.sender.latency_histogram import Histogram
from inspector.sender.run_charts import milliseconds
from inspector.sender.run_progress import RunProgress, figures

if TYPE_CHECKING:
    from inspector.sender.run_report import RunReport

_NAMES = {
    "lowest": "Lowest",
    "mean": "Mean",
    "median": "Median",
    "p90": "90 %",
    "p95": "95 %",
    "p99": "99 %",
    "p99_9": "99.9 %",
    "highest": "Highest",
}
_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2024; --soft: #60646c; --line: #e0e1e6;
  --good: #2b7a4b; --odd: #b25e09; --bad: #c4314b; --curve: #0f63b8; }
@media (prefers-color-scheme: dark) { :root { --paper: #18191b; --ink: #edeef0; --soft: #a0a4ab; --line: #363a3f;
  --good: #4fb07a; --odd: #e59a4a; --bad: #ff7b8d; --curve: #70b1f5; } }
* { box-sizing: border-box; }
body { margin: 32px auto; max-width: 784px; padding: 0 32px; background: var(--paper); color: var(--ink);
  font: 14px/20px system-ui, sans-serif; }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 14px; line-height: 20px; margin: 32px 0 8px; }
p { margin: 0 0 4px; color: var(--soft); overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); }
th { font-weight: 400; color: var(--soft); white-space: nowrap; }
td { overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
.grid { stroke: var(--line); } .good { fill: var(--good); } .odd { fill: var(--odd); } .bad { fill: var(--bad); }
.any { fill: var(--curve); }
.curve { fill: none; stroke: var(--curve); stroke-width: 2; } .dashed { stroke-dasharray: 4 4; stroke: var(--odd); }
.dot { fill: var(--curve); }
.key { display: inline-block; width: 12px; height: 12px; margin: 0 4px 0 16px; vertical-align: -1px; }
.key:first-child { margin-left: 0; }
.key.good { background: var(--good); } .key.odd { background: var(--odd); } .key.bad { background: var(--bad); }
"""


def as_page(report: RunReport) -> str:
    """The whole page."""
    title = escape(f"Run: {report.title}")
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f"<h1>{title}</h1>",
            *_about(report),
            *_outcome(report.progress),
            *_durations(report.progress),
            *_over_time(report.progress),
            "</body>\n</html>\n",
        ]
    )


def _about(report: RunReport) -> Iterator[str]:
    progress = report.progress
    began = report.started_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    yield f"<p>{escape(report.shown_url)}</p>"
    yield f"<p>{began} · {escape(report.software)}</p>"
    asked = f"{report.rate:,.6g} a second" if report.rate is not None else "no rate"
    ending = "cancelled" if progress.cancelled else "still going on" if progress.running else "complete"
    rows = [
        ("Sent", f"{progress.sent:,} of {progress.planned:,} ({ending})"),
        ("Time", f"{progress.seconds:,.2f} s"),
        ("Pushes a second", f"{progress.rate:,.1f}"),
        ("Asked for", f"{asked}, at most {report.concurrency} at the same time"),
    ]
    if progress.lateness.count:
        most, latest = milliseconds(progress.lateness.at(0.99)), milliseconds(progress.lateness.highest)
        rows.append(("Starts", f"99 % at most {most} late, the latest {latest}"))
    if report.recorded is not None:
        kept = f"{report.recorded.stored:,} kept"
        if report.recorded.error is not None:
            kept += f", {report.recorded.lost:,} not: {report.recorded.error.message}"
        rows.append(("History", kept))
    yield "<h2>The run</h2>\n<table>"
    yield from (f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    yield "</table>"


def _outcome(progress: RunProgress) -> Iterator[str]:
    yield "<h2>What came back</h2>"
    if not progress.sent:
        yield "<p>Nothing was sent.</p>"
        return
    yield "<table>"
    for status, count in progress.statuses.items():
        yield _counted(str(status), count, progress.sent, meaning(status))
    for reason, count in progress.failures.items():
        first = progress.first_failures[reason]
        alert = f" TLS alert {first.alert}." if first.alert and first.alert not in first.message else ""
        yield _counted(reason, count, progress.sent, f"{first.message}{alert} {first.next_step}")
    yield "</table>"


def _counted(name: str, count: int, of: int, words: str) -> str:
    return (
        f'<tr><th>{escape(name)}</th><td class="number">{count:,}</td><td class="number">{100 * count / of:.1f} %</td>'
        f"<td>{escape(words)}</td></tr>"
    )


def _durations(progress: RunProgress) -> Iterator[str]:
    histogram: Histogram = progress.latencies
    if not histogram.count:
        return
    yield "<h2>Latency, from the time a push was meant to start</h2>\n<table>"
    known = figures(histogram)
    yield "<tr>" + "".join(f'<th class="number">{_NAMES[name]}</th>' for name in known) + "</tr>"
    yield (
        "<tr>"
        + "".join(f'<td class="number">{milliseconds(value)}</td>' for value in known.values())
        + "</tr>"
    )
    yield f"</table>\n<h2>Pushes by latency</h2>\n{run_charts.latency_bars(histogram)}"
    yield f"<h2>Percentiles</h2>\n{run_charts.percentile_curve(histogram)}"


def _over_time(progress: RunProgress) -> Iterator[str]:
    if not progress.series:
        return
    yield f"<h2>Pushes a second</h2>\n{run_charts.done_over_time(progress.series, progress.slot_seconds)}"
    yield (
        '<p><span class="key good"></span>accepted (2xx), at the bottom'
        '<span class="key odd"></span>another answer, in the middle'
        '<span class="key bad"></span>no answer, at the top</p>'
    )
    yield "<h2>Latency over time: mean, and dashed the highest</h2>"
    yield run_charts.latency_over_time(progress.series, progress.slot_seconds)
