"""The file of environments: read, checked and written. Imports `inspector.whole_file` and errors. Touches the disk.

    {"format": "push-inspector environments", "version": 1, "current": "staging",
     "environments": [{"name": "staging", "id": "4f1c…", "values": {"BRAND": "90588711"}, "secrets": ["TOKEN"]}]}

Of a secret only the name is here; its value is sealed in the vault, under the environment's id, which a new name for
the environment leaves as it is. What isn't known, at this version, is kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from inspector.errors import StateError
from inspector.whole_file import begun

FORMAT = "push-inspector environments"
VERSION = 1
KEPT = "(kept in the vault)"
"""Stands for a secret's value wherever the vault was not asked."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One value of an environment. A secret one has `KEPT` for its value until the vault is asked."""

    name: str
    value: str = field(repr=False)
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Environment:
    """A named set of values, by name. `id` is what its secrets are kept under; empty until it is saved."""

    name: str
    variables: tuple[Variable, ...] = ()
    id: str = ""
    more: tuple[tuple[str, Any], ...] = field(default=(), repr=False)

    def variable(self, name: str) -> Variable | None:
        """The value of that name."""
        return next((one for one in self.variables if one.name == name), None)


@dataclass(frozen=True, slots=True)
class EnvironmentSet:
    """All environments in their order, and the name of the current one; empty where none is."""

    environments: tuple[Environment, ...] = ()
    current: str = ""
    more: tuple[tuple[str, Any], ...] = field(default=(), repr=False)

    def named(self, name: str) -> Environment | None:
        """The environment of that name, in any case."""
        return next((one for one in self.environments if one.name.casefold() == name.casefold()), None)

    def with_environments(self, environments: tuple[Environment, ...]) -> EnvironmentSet:
        """The same with other environments."""
        return replace(self, environments=environments)


def read(path: Path) -> EnvironmentSet:
    """What the file holds; nothing where there is none. Raises StateError for one that is damaged, newer or can't be
    read; it is left as it is."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return EnvironmentSet()
    except OSError as error:
        raise StateError(
            f"The environments {path} can't be read: {error.strerror or error}.",
            "Check the file's owner and its permissions.",
        ) from error
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "it is no JSON") from error
    if (
        not isinstance(content, dict)
        or content.get("format") != FORMAT
        or type(content.get("version")) is not int
    ):
        raise _damaged(path, "it does not hold environments")
    if content["version"] > VERSION:
        raise StateError(
            f"The environments {path} were made by a newer Push Inspector (format {content['version']}); "
            "they were left as they are.",
            "Update Push Inspector, or use another home (--home DIR).",
        )
    entries, current = content.get("environments", []), content.get("current", "")
    if not isinstance(entries, list) or not isinstance(current, str):
        raise _damaged(path, "it does not hold environments")
    found = tuple(_environment(path, entry) for entry in entries)
    names = {one.name.casefold() for one in found}
    if len(names) < len(found):
        raise _damaged(path, "two environments have the same name")
    more = tuple(
        item for item in content.items() if item[0] not in ("format", "version", "current", "environments")
    )
    return EnvironmentSet(found, current if current.casefold() in names else "", more)


def write(path: Path, environments: EnvironmentSet) -> None:
    """Write the file, for its owner alone. Raises StateError."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "current": environments.current,
        "environments": [
            {
                "name": one.name,
                "id": one.id,
                "values": {value.name: value.value for value in one.variables if not value.secret},
                "secrets": [value.name for value in one.variables if value.secret],
                **dict(one.more),
            }
            for one in environments.environments
        ],
        **dict(environments.more),
    }
    data = (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")
    try:
        with begun(path) as file:
            file.write(data)
    except OSError as error:
        raise StateError(
            f"The environments {path} can't be written: {error.strerror or error}.",
            "Free some space, or check the folder's permissions; what was saved before is still there.",
        ) from error


def _environment(path: Path, entry: object) -> Environment:
    known = ("name", "id", "values", "secrets")
    if not isinstance(entry, dict):
        raise _damaged(path, "an environment is no object")
    name, identifier = entry.get("name"), entry.get("id", "")
    values, secrets = entry.get("values", {}), entry.get("secrets", [])
    if not isinstance(name, str) or not name or not isinstance(identifier, str):
        raise _damaged(path, "an environment has no name")
    right = (
        isinstance(values, dict)
        and isinstance(secrets, list)
        and all(isinstance(one, str) for one in secrets)
    )
    if not right or not all(isinstance(value, str) for value in values.values()):
        raise _damaged(path, f"the values of {name[:60]} are no texts")
    variables = [Variable(key, value) for key, value in values.items() if key not in secrets]
    variables += [Variable(key, KEPT, secret=True) for key in dict.fromkeys(secrets)]
    more = tuple(item for item in entry.items() if item[0] not in known)
    return Environment(name, tuple(sorted(variables, key=lambda one: one.name)), identifier, more)


def _damaged(path: Path, why: str) -> StateError:
    return StateError(
        f"The environments {path} are damaged and were left as they are: {why}.",
        "Correct the file, or move it away to begin anew.",
    )
