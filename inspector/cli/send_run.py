"""`send --repeat` and `send --play`: many pushes in a run. Its options, what they mean, and the run. Imports click, the
workbench and the sender (lazily)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from inspector.cli.output import json_line, table
from inspector.cli.send_results import exit_code, interruptible
from inspector.cli.send_run_words import progress_words, summary_line, summary_words
from inspector.errors import UsageError
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.sender.model import SendResult, Target
    from inspector.sender.player.script import Script
    from inspector.sender.run_plan import Plan
    from inspector.sender.run_progress import RunProgress
    from inspector.sender.run_record import Recorded

_F = TypeVar("_F", bound=Callable[..., Any])

_PLAYED_AT_ONCE = 8
_SHOWN_EVERY_SECONDS = 0.1
_FAILED_HISTORY = 4

_OF_EVERY_RUN = (
    click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="R", help="That many a second."),
    click.option("--concurrency", type=click.IntRange(1, 256), metavar="C", help="That many at once."),
    click.option(
        "--save-summary",
        "summaries",
        multiple=True,
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Save what came of the run as .json or .html (repeatable).",
    ),
    click.option(
        "--keep",
        type=click.Choice(["all", "sample", "none"]),
        default="all",
        show_default=True,
        help="What of the run goes into the history; a sample has every failure and refusal.",
    ),
)
_OPTIONS = (
    click.option("--repeat", type=click.IntRange(1), metavar="N", help="Send it N times."),
    *_OF_EVERY_RUN[:2],
    click.option("--play", metavar="SCRIPT", help="Play a scripted conversation: its name, or a JSON file."),
    click.option(
        "--speed", type=click.FloatRange(0, min_open=True), metavar="X", help="Play X times as fast."
    ),
    click.option(
        "--list-scripts", is_flag=True, help="List the scripts; with --json, as files to begin with."
    ),
    *_OF_EVERY_RUN[2:],
)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run as the options ask for it: `count` times the same source, or a script."""

    count: int
    rate: float | None
    concurrency: int
    script: Script | None
    speed: float
    summaries: tuple[Path, ...]
    keep: str


def run_options(command: _F) -> _F:
    """The options of a run; a command gets them as keywords, for `read_run`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def every_run_options(command: _F) -> _F:
    """The options that any run has: rate, concurrency, what is saved and what is kept."""
    for option in reversed(_OF_EVERY_RUN):
        command = option(command)
    return command


def read_run(options: dict[str, Any]) -> RunRequest | None:
    """The run that the options mean, None where they mean a single push. Takes its own out of `options`. Raises
    UsageError for options that contradict each other, for an unknown script, and for a file that can't be saved."""
    repeat, rate, concurrency = options.pop("repeat"), options.pop("rate"), options.pop("concurrency")
    play, speed = options.pop("play"), options.pop("speed")
    summaries, keep = options.pop("summaries"), options.pop("keep")
    if summaries:
        from inspector.sender.run_report import check_ending

        for path in summaries:
            check_ending(path)
    if play is not None:
        from inspector.sender.player.scripts import find_script

        if repeat is not None or rate is not None:
            raise UsageError(
                "A script says itself how many pushes there are, and when.", "Leave out --repeat and --rate."
            )
        script = find_script(play)
        return RunRequest(1, None, concurrency or _PLAYED_AT_ONCE, script, speed or 1.0, summaries, keep)
    if speed is not None:
        raise UsageError("--speed goes with --play.", "For a single push many times, give a --rate.")
    if repeat is None and not summaries and (rate is not None or concurrency is not None or keep != "all"):
        raise UsageError("--rate, --concurrency and --keep belong to a run.", "Add --repeat N.")
    if (repeat or 1) == 1 and not summaries and keep == "all":
        return None
    return RunRequest(repeat or 1, rate, concurrency or 1, None, 1.0, summaries, keep)


def list_scripts(*, as_json: bool) -> int:
    """Print the scripts that come with the program; returns the exit code."""
    from inspector.sender.player.play import play
    from inspector.sender.player.scripts import built_in

    if as_json:
        for script in built_in():
            json_line(script.model_dump(mode="json", by_alias=True))
        return 0
    rows = []
    for script in built_in():
        moves = play(script).moves
        rows.append((script.name, f"{len(moves):,}", f"{moves[-1].due:.0f} s", script.title))
    click.echo(table(("NAME", "PUSHES", "TIME", "WHAT IT IS"), rows, widest=80))
    return 0


def run_many(
    workbench: Workbench,
    target: Target,
    body_for: Callable[[int], bytes] | None,
    title: str,
    request: RunRequest,
    *,
    as_json: bool,
) -> int:
    """Send a run; see `run_plan`. `body_for(n)` makes the body of push n (from 0); a script makes its own."""
    plan, named = _plan(request, body_for, title)
    return run_plan(workbench, target, plan, named, request, as_json=as_json)


def run_plan(
    workbench: Workbench, target: Target, plan: Plan, named: str, request: RunRequest, *, as_json: bool
) -> int:
    """Send what a plan says, keep its pushes in the history, print the summary and save it. Returns the exit code."""
    from inspector.sender.run import Run
    from inspector.sender.run_record import Keep, Recorder
    from inspector.sender.run_report import RunReport, save

    keep = Keep(request.keep)
    # A history that can't be used is said before anything is sent.
    recorder = Recorder((lambda _events: None) if keep is Keep.NONE else workbench.writer.add, keep)
    cancel = interruptible()
    worst = 0

    def note(result: SendResult, body: bytes) -> None:
        nonlocal worst
        worst = max(worst, exit_code(result))
        recorder.take(result, body)
        show()

    going = Run(target, plan, concurrency=request.concurrency, cancel=cancel, on_result=note)
    with _shown(plan.count, going.progress) as show, recorder:
        summary = going.go()
    kept = recorder.recorded if keep is not Keep.NONE else None
    report = RunReport(named, target.url, request.concurrency, request.rate, summary.progress, kept)
    if as_json:
        json_line(summary_line(summary, kept))
    else:
        for line in summary_words(summary):
            click.echo(line)
    _tell_history(kept)
    for path in request.summaries:
        save(report, path)
        click.echo(f"Summary saved as {path}", err=True)
    return worst or (_FAILED_HISTORY if kept is not None and kept.error is not None else 0)


def _plan(request: RunRequest, body_for: Callable[[int], bytes] | None, title: str) -> tuple[Plan, str]:
    """What is sent, and what to call it."""
    if request.script is not None:
        from inspector.sender.player.play import play

        speed = f", {request.speed:g} times as fast" if request.speed != 1 else ""
        return play(request.script).plan(
            request.speed
        ), f"script {request.script.name or 'without a name'}{speed}"
    from inspector.sender.run_plan import repeats

    assert body_for is not None
    times = "once" if request.count == 1 else f"{request.count:,} times"
    return repeats(body_for, request.count, request.rate), f"{title}, {times}"


def _tell_history(kept: Recorded | None) -> None:
    if kept is not None and kept.error is not None:
        click.echo(f"{kept.lost:,} pushes are not in the history: {kept.error}", err=True)


@contextmanager
def _shown(count: int, progress: Callable[[], RunProgress]) -> Iterator[Callable[[], None]]:
    """A progress bar on standard error while the block runs, if a person looks at it. What it gives is called as often
    as one likes, and draws as often as an eye can follow."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    drawn, due = 0, 0.0
    with click.progressbar(
        length=count, label="Sending", file=sys.stderr, item_show_func=lambda words: words
    ) as bar:

        def draw() -> None:
            nonlocal drawn, due
            if (now := time.monotonic()) < due:
                return
            due = now + _SHOWN_EVERY_SECONDS
            at_present = progress()
            bar.update(at_present.sent - drawn, progress_words(at_present))
            drawn = at_present.sent

        yield draw
        due = 0.0
        draw()
