"""`env`: named values for variables from the command line. Imports click and the workbench; the sender lazily."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inspector.cli.group import CONTEXT, common, current_home
from inspector.cli.output import json_line, table
from inspector.cli.secrets import from_environment, prompt_for
from inspector.errors import UsageError
from inspector.workbench import Workbench

if TYPE_CHECKING:
    from inspector.sender.kept.environments import Environments

_MASK = "•••"


@click.group(context_settings=CONTEXT)
@common
def env() -> None:
    """Keep named values for {{env NAME}}: local, staging, …"""


def _environments() -> Environments:
    from inspector.sender.kept.environments import Environments

    workbench = Workbench(current_home(), ask=prompt_for("Passphrase of the vault"))
    return Environments(current_home(), lambda: workbench.vault)


@env.command("list", context_settings=CONTEXT)
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@common
def list_environments(as_json: bool) -> int:  # noqa: FBT001 - click's
    """List the environments; ● marks the current one."""
    known = _environments().load()
    if as_json:
        for one in known.environments:
            json_line(
                {
                    "name": one.name,
                    "current": one.name == known.current,
                    "variables": [value.name for value in one.variables],
                    "secrets": [value.name for value in one.variables if value.secret],
                }
            )
        return 0
    if not known.environments:
        click.echo("There are none yet. Make one with: push-inspector env set local BRAND 90588711", err=True)
        return 0
    rows = [
        ("●" if one.name == known.current else "", one.name, ", ".join(value.name for value in one.variables))
        for one in known.environments
    ]
    click.echo(table(("", "NAME", "VALUES"), rows, widest=72))
    return 0


@env.command("show", context_settings=CONTEXT)
@click.argument("name", required=False)
@click.option("--reveal", is_flag=True, help="Show secrets, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@common
def show(name: str | None, reveal: bool, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Show the values of an environment (the current one without a NAME)."""
    environments = _environments()
    known = environments.load()
    chosen = name or known.current
    if not chosen:
        raise UsageError(
            "No environment is current.", "Name one; push-inspector env list shows what there is."
        )
    found = known.named(chosen)
    if found is None or reveal:
        taken = environments.take(chosen)
        pairs = [(key, value, key in taken.secrets) for key, value in taken.values.items()]
    else:
        pairs = [(one.name, _MASK if one.secret else one.value, one.secret) for one in found.variables]
    if as_json:
        json_line(
            {
                "name": chosen,
                "values": [{"name": key, "value": value, "secret": secret} for key, value, secret in pairs],
            }
        )
    else:
        click.echo(table(("NAME", "VALUE"), [(key, value) for key, value, _ in pairs], widest=120))
    return 0


@env.command("set", context_settings=CONTEXT)
@click.argument("name")
@click.argument("variable")
@click.argument("value", required=False)
@click.option("--secret", is_flag=True, help="Keep it in the vault, and show it nowhere.")
@click.option("--value-env", metavar="VAR", help="Variable with the value.")
@common
def set_value(
    name: str,
    variable: str,
    value: str | None,
    secret: bool,  # noqa: FBT001 - click's
    value_env: str | None,
) -> int:
    """Set VARIABLE of environment NAME, which is made where it isn't there. A secret comes from --value-env, or is
    asked for."""
    environments = _environments()
    before = known.variable(variable) if (known := environments.load().named(name)) is not None else None
    hidden = secret or (before is not None and before.secret)
    if hidden and value is not None:
        raise UsageError(
            f"{variable} is secret, and what stands on a command line is not.",
            "Name the variable that holds it: --value-env VARIABLE.",
        )
    if value is not None and value_env is not None:
        raise UsageError("The value is given twice.", "Leave out --value-env or the VALUE.")
    if value is None:
        value = from_environment("--value-env", value_env, what="the value")
    if value is None:
        ask = prompt_for(f"Value of {variable}") if hidden else None
        if ask is None:
            raise UsageError(
                f"{variable} gets no value.", "Write it at the end, or name --value-env VARIABLE."
            )
        value = ask()
    environments.set(name, variable, value, secret=True if secret else None)
    return 0


@env.command("unset", context_settings=CONTEXT)
@click.argument("name")
@click.argument("variable")
@common
def unset(name: str, variable: str) -> int:
    """Take VARIABLE out of environment NAME."""
    _environments().unset(name, variable)
    return 0


@env.command("use", context_settings=CONTEXT)
@click.argument("name", required=False)
@click.option("--none", "nothing", is_flag=True, help="Use none.")
@common
def use(name: str | None, nothing: bool) -> int:  # noqa: FBT001 - click's
    """Make NAME the current environment."""
    if bool(name) is nothing:
        raise UsageError("Which environment is to be used?", "Give its NAME, or --none.")
    _environments().use(name or "")
    return 0


@env.command("rename", context_settings=CONTEXT)
@click.argument("name")
@click.argument("new")
@common
def rename(name: str, new: str) -> int:
    """Give environment NAME another name; its secrets stay."""
    _environments().rename(name, new)
    return 0


@env.command("duplicate", context_settings=CONTEXT)
@click.argument("name")
@click.argument("new")
@common
def duplicate(name: str, new: str) -> int:
    """Make NEW with the values of NAME, secrets included."""
    _environments().duplicate(name, new)
    return 0


@env.command("delete", context_settings=CONTEXT)
@click.argument("name")
@click.option("--yes", is_flag=True, help="Don't ask.")
@common
def delete(name: str, yes: bool) -> int:  # noqa: FBT001 - click's
    """Delete environment NAME, and its secrets."""
    if not yes:
        ask = prompt_for("")
        if ask is None:
            raise UsageError(
                f"This deletes {name}, and there is no terminal to ask at.", "Say so with --yes."
            )
        if not click.confirm(f"Delete {name} and its secrets for good?", err=True):
            click.echo("Nothing was deleted.", err=True)
            return 0
    _environments().delete(name)
    return 0
