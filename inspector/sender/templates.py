"""The bodies to begin with: the documented samples, variations of them, and some that are known to be bad.

Imports `inspector.contract` and `inspector.resources`. They are files in `resources/templates/`, described by
`index.json` there; the known-bad ones end in `.json` too, even if they are not, but for those that are no UTF-8 or
empty: they end in `.body`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from inspector import resources
from inspector.contract.characters import quote
from inspector.contract.push import Service
from inspector.errors import UsageError

_LIST_THEM = "List what there is with: push-inspector send --list"


@dataclass(frozen=True, slots=True)
class Template:
    """One body to begin with.

    `name` is what `send` takes, `title` and `description` are for people, `tags` group (`documented`, `aps`, `text`,
    `limits`, `proactive`, `known-bad`, `refused` for those that a provider turns down). `service` is the one that the
    body is found to be for. `unconfirmed`: no capture has ever shown such a push. `findings` are the codes of what is
    wrong, by the contract or to the provider. `body` is sent as it is.
    """

    name: str
    title: str
    service: Service
    description: str
    tags: tuple[str, ...]
    unconfirmed: bool
    findings: tuple[str, ...]
    body: bytes = field(repr=False)


@cache
def all_templates() -> tuple[Template, ...]:
    """Every template, the documented samples first."""
    index = json.loads(resources.read_text("templates/index.json"))
    return tuple(
        Template(
            name=entry["name"],
            title=entry["title"],
            service=Service(entry["service"]),
            description=entry["description"],
            tags=tuple(entry["tags"]),
            unconfirmed=entry["unconfirmed"],
            findings=tuple(entry["findings"]),
            body=resources.read_bytes(f"templates/{entry.get('file', entry['name'] + '.json')}"),
        )
        for entry in index["templates"]
    )


def names() -> tuple[str, ...]:
    """The names of all templates, in the same order."""
    return tuple(template.name for template in all_templates())


def find(name: str) -> Template:
    """The template of that name. Raises UsageError, which lists similar names, where there is none."""
    found = next((template for template in all_templates() if template.name == name), None)
    if found is not None:
        return found
    near = _near(name)
    shown = quote(name if len(name) <= 60 else f"{name[:59]}…")
    raise UsageError(
        f"There is no template {shown}.",
        f"Did you mean {' or '.join(near)}?" if near else _LIST_THEM,
    )


def _near(name: str) -> list[str]:
    lowered = name.strip().lower().removesuffix(".json")[:60]
    if lowered in names():
        return [lowered]
    within = [known for known in names() if lowered and lowered in known]
    close = get_close_matches(lowered, names(), n=3, cutoff=0.6)
    return list(dict.fromkeys((*close, *within)))[:4]
