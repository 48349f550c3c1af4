"""The commands that the README shows are commands of the program, with options that it has; what else it shows of
them is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from inspector.certificates.verdict_advice import REASONS
from inspector.cli import main_group
from inspector.listener.rules import check, rules_from_json

README = Path(__file__).parent.parent.parent / "README.md"
_SHOWN = re.compile(r"^ {4,}((?:push-inspector|packaging/run\.sh) .*|packaging/run\.sh)$", re.MULTILINE)
# The program's own names; what is written in capitals there is a table's placeholder.
_IN_TEXT = re.compile(r"`((?:push-inspector|packaging/run\.sh) [^`[A-Z]*)`")


def commands() -> list[str]:
    text = README.read_text(encoding="utf-8")
    return sorted(
        {line.partition(" > ")[0].strip() for line in _SHOWN.findall(text) + _IN_TEXT.findall(text)}
    )


def test_the_readme_shows_commands() -> None:
    names = {name for line in commands() for name in shlex.split(line)[1:2]}
    assert names == {"gui", "demo", "listen", "send", "certs", "history", "payloads", "env", "targets"}


@pytest.mark.parametrize("line", commands())
def test_a_command_of_the_readme_is_understood(line: str) -> None:
    arguments = shlex.split(line)[1:]
    group: click.Group = main_group
    context = click.Context(group, info_name="push-inspector")
    while arguments:
        name, command, arguments = group.resolve_command(context, arguments)
        assert command is not None
        if not isinstance(command, click.Group):
            if arguments:  # else it is only named
                command.make_context(name, arguments, parent=context)
            return
        group, context = command, click.Context(command, info_name=name, parent=context)


def test_the_rules_of_the_readme_are_sound() -> None:
    shown = re.findall(r"^ {4}(\[\{.*\}\])$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert shown
    for text in shown:
        assert [rule for rule in rules_from_json(text) if check(rule)] == []


def test_the_readme_explains_every_reason() -> None:
    listening = README.read_text(encoding="utf-8").partition("\n## Commands\n")[0]
    rows = re.findall(r"^\| (`[a-z_`, ]+) \|", listening, re.MULTILINE)
    assert sorted(re.findall(r"`([a-z_]+)`", " ".join(rows))) == sorted(REASONS)
