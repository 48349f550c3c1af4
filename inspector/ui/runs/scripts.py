"""Scripts for the window: their text, what they come to, and their main numbers changed in place. Runs in the worker's
thread; no Qt. Imports the player lazily, and json.

A script's text is what a person edits; everything here leaves what it does not know where it stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector.errors import UsageError

SERVICES = ("apns", "fcm", "huawei")
NumberPath = tuple[str, ...]

NUMBERS: tuple[NumberPath, ...] = (
    ("conversations",),
    ("pushes",),
    ("devices_each",),
    ("pause", "least"),
    ("pause", "most"),
    ("spread",),
    ("repeats", "share"),
    ("repeats", "attempts"),
    ("repeats", "interval"),
    ("out_of_order",),
    ("duplicates",),
    ("seed",),
)
"""The numbers that have a field beside the text, by where they stand in it; the devices of each service besides."""


@dataclass(frozen=True, slots=True)
class ScriptText:
    """A script as it is edited. `key` tells it from others, `title` is for people."""

    key: str
    title: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """What a script comes to: pushes, and seconds from the first to the last; its main numbers by their places, and
    the devices of each service."""

    title: str
    pushes: int
    seconds: float
    numbers: Mapping[NumberPath, float]
    devices: Mapping[str, int]


def built_in_scripts() -> tuple[ScriptText, ...]:
    """The scripts that come with the program."""
    from inspector.sender.player.script import write_script
    from inspector.sender.player.scripts import built_in

    return tuple(
        ScriptText(one.name, one.name.replace("-", " ").capitalize(), write_script(one)) for one in built_in()
    )


def read_facts(script: ScriptText) -> ScriptFacts:
    """What the script comes to. Raises UsageError, which names what is wrong with it."""
    from inspector.sender.player.play import play
    from inspector.sender.player.script import read_script

    read = read_script(script.text.encode(), script.title)
    moves = play(read).moves
    whole = read.model_dump(mode="json", by_alias=True)
    devices = {name: sum(one.count for one in read.devices if one.service == name) for name in SERVICES}
    return ScriptFacts(
        read.title, len(moves), moves[-1].due, {path: _at(whole, path) for path in NUMBERS}, devices
    )


def with_number(text: str, path: NumberPath, value: float) -> str:
    """The text with one number changed. Raises UsageError for a text that is no JSON object."""
    document = _document(text)
    place: dict[str, Any] = document
    for step in path[:-1]:
        found = place.get(step)
        if not isinstance(found, dict):
            found = place[step] = {}
        place = found
    place[path[-1]] = int(value) if float(value).is_integer() else value
    return _text(document)


def with_devices(text: str, service: str, count: int) -> str:
    """The text with so many devices of a service; those of the others, and tokens that were given, stay. Raises
    UsageError for a text that is no JSON object."""
    document = _document(text)
    groups = document.get("devices")
    groups = groups if isinstance(groups, list) else []
    theirs = [one for one in groups if isinstance(one, dict) and one.get("service") == service]
    if not count:
        groups = [one for one in groups if one not in theirs]
    elif theirs:
        theirs[0]["count"] = count
        groups = [one for one in groups if one not in theirs[1:]]
    else:
        groups = [*groups, {"service": service, "count": count}]
    document["devices"] = groups
    return _text(document)


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError("The script is not JSON.", "Mend the text first.") from error
    if not isinstance(document, dict):
        raise UsageError("The script is not a JSON object.", "Mend the text first.")
    return document


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _at(document: dict[str, Any], path: NumberPath) -> float:
    value: Any = document
    for step in path:
        value = value[step]
    return float(value)
