"""Commands whose words are a filter: `history list service:apns -is:handshake`. Imports click; the query lazily."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from inspector.history.query import Query


class QueryCommand(click.Command):
    """A command whose words are a filter: one that leaves out (`-is:handshake`) is no option, its `-h` no help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with_value = {
            name
            for option in self.get_params(ctx)
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for one in rest:
            if one == "--":
                words += rest
            elif one == "-h" or one.startswith("--"):
                options.append(one)
                if one in with_value:
                    options += [value for value in (next(rest, None),) if value is not None]
            else:
                words.append(one)
        return super().parse_args(ctx, [*options, "--", *words] if words else options)


def query_of(words: Sequence[str]) -> Query | None:
    """The filter that the words make, None for all. Raises QueryError."""
    from inspector.history.query import local_now, parse

    text = " ".join(words).strip()
    return parse(text, now=local_now()) if text else None


def has_history(path: Path) -> bool:
    """Whether there is anything to read: an empty file is one that nothing was ever written to. Of one that can't be
    looked at, whoever opens it says why."""
    try:
        return path.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
