"""Options under headings: a command with many of them is read by its sections. Imports click."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.types import OptionHelpExtra

_GENERAL = "General"
_F = TypeVar("_F", bound=Callable[..., Any])


class GroupedOption(click.Option):
    """An option that stands in the help below the heading of its group."""

    def __init__(self, *args: Any, group: str = _GENERAL, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group

    def get_help_extra(self, ctx: click.Context) -> OptionHelpExtra:
        """Without the range: it crowds the help, and is said where it is left."""
        extra = super().get_help_extra(ctx)
        extra.pop("range", None)
        return extra


class GroupedCommand(click.Command):
    """A command whose help shows its options by group, in the order in which groups first come."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                groups.setdefault(getattr(parameter, "group", _GENERAL), []).append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


def option(group: str) -> Callable[..., Callable[[_F], _F]]:
    """`click.option` for one group."""

    def decorator(*names: str, **settings: Any) -> Callable[[_F], _F]:
        return click.option(*names, cls=GroupedOption, group=group, **settings)

    return decorator
