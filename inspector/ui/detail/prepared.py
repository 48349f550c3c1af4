"""One event made ready to be shown. Runs in the worker's thread: decoding JSON and certificates takes what it takes.

Pure of Qt; imports history, contract and the parts of this package that are pure as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from inspector.contract.push import Problem
from inspector.history.model import Direction, Event, Kind
from inspector.ui.detail.sections import Section
from inspector.ui.detail.shown import Shown, show_both
from inspector.ui.detail.tls_facts import tls_sections
from inspector.ui.push_columns import attempt_words, local_date_time

if TYPE_CHECKING:
    from inspector.ui.detail.offers import Help
    from inspector.ui.detail.presented import PresentedChain
    from inspector.ui.detail.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Detail:
    """All the pane shows of one event. `masked` is what is seen of a push at first, `revealed` all of it; `is_json` is
    whether its body is. `help` is what the window can do about a client that was turned away; `around` is how things
    were at `now`."""

    event: Event
    now: datetime
    chain: PresentedChain
    help: Help
    around: Surroundings
    is_json: bool = False
    masked: Shown = field(default=Shown(), repr=False)
    revealed: Shown = field(default=Shown(), repr=False)
    problems: tuple[Problem, ...] = ()
    refusals: tuple[Problem, ...] = ()
    overview: str = ""
    tls: tuple[Section, ...] = ()

    def shown(self, *, revealed: bool) -> Shown:
        """One of the two ways."""
        return self.revealed if revealed else self.masked


def prepare(event: Event, around: Surroundings | None = None, now: datetime | None = None) -> Detail:
    """Everything the pane shows of an event. `now` is aware."""
    # Here and not at the top: these are the slow imports, and the window is to stand before them.
    from inspector.contract.parse import parse
    from inspector.contract.refusals import refusals
    from inspector.ui.detail.offers import help_for
    from inspector.ui.detail.presented import read_chain
    from inspector.ui.detail.surroundings import NOWHERE

    written = event.written
    now = now or datetime.now(UTC)
    around = around or NOWHERE
    certificate = written.connection.certificate if written.connection is not None else None
    chain = read_chain(certificate.chain if certificate is not None else (), around.accepted, now)
    detail = Detail(
        event,
        now,
        chain,
        help_for(written, chain, around, now),
        around,
        overview=_overview(event),
        tls=tls_sections(event),
    )
    if written.kind is Kind.HANDSHAKE:
        return detail
    push = parse(written.body)
    masked, revealed = show_both(event, push)
    return replace(
        detail,
        is_json=push.is_json,
        masked=masked,
        revealed=revealed,
        problems=written.problems,
        refusals=refusals(push),
    )


def _overview(event: Event) -> str:
    written = event.written
    if written.kind is Kind.HANDSHAKE:
        times = f", {event.count:,} times, last {local_date_time(event.last_at)}" if event.count > 1 else ""
        return f"#{event.id} · turned away {local_date_time(written.at)}{times}"
    verb = "received" if written.direction is Direction.IN else "sent"
    parts = [f"#{event.id}", f"{verb} {local_date_time(written.at)}"]
    if attempt := attempt_words(event.attempt, event.gap):
        parts.insert(1, attempt)
    parts.append(f"{len(written.body):,} bytes")
    return " · ".join(parts)
