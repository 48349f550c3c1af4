"""`history list`: what was received and sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from inspector.cli.group import CONTEXT, LazyGroup, common, current_home
from inspector.cli.output import history_line, json_line, span, table, timestamp
from inspector.cli.query_words import QueryCommand, has_history, query_of
from inspector.history.model import Kind, Row

if TYPE_CHECKING:
    from inspector.history.exchange.masked import Mask
    from inspector.history.reader import HistoryReader

_MAY_BE_TOKEN = re.compile(r"\S{12}")  # a shorter one is not masked in a text


@click.group(
    cls=LazyGroup,
    context_settings=CONTEXT,
    lazy={
        "show": ("inspector.cli.history_show", "show_event"),
        "export": ("inspector.cli.history_files", "export_history"),
        "import": ("inspector.cli.history_files", "import_history"),
        "resend": ("inspector.cli.history_resend", "resend_history"),
        "clear": ("inspector.cli.history_clear", "clear_history"),
        "new": ("inspector.cli.history_keep", "new_history"),
        "open": ("inspector.cli.history_keep", "open_history"),
        "files": ("inspector.cli.history_keep", "list_files"),
        "save": ("inspector.cli.history_keep", "save_history"),
        "keep": ("inspector.cli.history_keep", "keep_history"),
        "compact": ("inspector.cli.history_keep", "compact_history"),
    },
)
@common
def history() -> None:
    """Look at what was received and sent."""


@history.command("list", cls=QueryCommand, context_settings=CONTEXT)
@click.argument("query", nargs=-1)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="Show the newest N.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@click.option("--reveal", is_flag=True, help="Show device tokens, and secrets in addresses, unmasked.")
@common
def list_events(query: tuple[str, ...], limit: int, as_json: bool, reveal: bool) -> int:  # noqa: FBT001 - click's
    """List the newest events that match QUERY, oldest first.

    \b
    Words search everything. Fields narrow:
      service:apns brand:90588711 status:>=500 direction:in problem:* conv:13a1…
      seq:3..9 after:2026-01-01 has:retry -is:handshake "exact words"
    """
    from inspector.history.exchange.masked import Mask
    from inspector.history.up_to_date import open_for_reading

    wanted = query_of(query)
    path = current_home().history_file
    if not has_history(path):
        click.echo("Nothing yet: no push was received or sent in this home.", err=True)
        return 0
    mask = None if reveal else Mask()
    with open_for_reading(path) as reader:
        ids = list(reader.ids(wanted, limit=limit, newest_first=True))[::-1]
        if as_json:
            for identifier in ids:
                event = reader.event(identifier)
                if event is not None:
                    json_line(history_line(event if mask is None else mask.event(event)))
            return 0
        rows = reader.rows(ids)
        texts = {} if mask is None else _masked_texts(reader, mask, rows)
    if not rows:
        click.echo("Nothing matches." if wanted else "Nothing yet: no push was received or sent.", err=True)
        return 0
    titles = (
        "ID",
        "TIME",
        "",
        "SERVICE",
        "STATUS",
        "BRAND",
        "CONVERSATION",
        "SEQ",
        "BADGE",
        "ATTEMPT",
        "TEXT",
        "PROBLEMS",
    )
    click.echo(table(titles, [_cells(row, texts.get(row.id, row.message)) for row in rows]))
    return 0


def _masked_texts(reader: HistoryReader, mask: Mask, rows: list[Row]) -> dict[int, str | None]:
    """The texts that a device token may stand in, without it. Whether one does, the whole event tells."""
    ids = [row.id for row in rows if row.message is not None and _MAY_BE_TOKEN.search(row.message)]
    return {
        identifier: mask.event(event).written.message
        for identifier in ids
        if (event := reader.event(identifier)) is not None
    }


def _cells(row: Row, message: str | None) -> tuple[str, ...]:
    arrow = {"in": "←", "out": "→"}[row.direction.value]
    if row.kind is Kind.HANDSHAKE:
        times = f"×{row.count}, last {timestamp(row.last_at)[11:19]}" if row.count > 1 else ""
        text = " · ".join(part for part in (row.reason, times, row.subject) if part)
        return (str(row.id), timestamp(row.at), "✕", "TLS", "refused", "", "", "", "", "", text, "")
    text = message if message is not None else row.reason or ""
    return (
        str(row.id),
        timestamp(row.at),
        arrow,
        row.service.label,
        str(row.status or "none"),
        row.brand_id or "",
        row.conversation_id or "",
        "" if row.sequence is None else str(row.sequence),
        "" if row.badge is None else str(row.badge),
        _attempt(row),
        text,
        str(row.problem_count or ""),
    )


def _attempt(row: Row) -> str:
    """`3, +10.0 s`; empty for a first one."""
    if row.attempt <= 1:
        return ""
    return str(row.attempt) if row.gap is None else f"{row.attempt}, +{span(row.gap)}"
