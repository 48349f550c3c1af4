"""Fields of settings as JSON and back, every one looked at. Pure; imports the standard library only.

A kind is a pair: what makes JSON of a field's value, and what makes the value of JSON again and raises ValueError or
TypeError where it can't be one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Write = Callable[[Any], Any]
Read = Callable[[Any], Any]
Kind = tuple[Write, Read]
Kinds = Mapping[str, Kind]


def written(owner: object, kinds: Kinds) -> dict[str, Any]:
    """The fields that `kinds` names, by their names."""
    return {name: write(getattr(owner, name)) for name, (write, _read) in kinds.items()}


def values(content: object, kinds: Kinds) -> dict[str, Any]:
    """The values again of those that are there. Raises ValueError that names the field at fault, TypeError."""
    if not isinstance(content, dict):
        raise TypeError("no object")
    found = {}
    for name, (_write, read) in kinds.items():
        if name in content:
            try:
                found[name] = read(content[name])
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise ValueError(f"{name} can't be what it says there") from error
    return found


def same(value: Any) -> Any:
    """What JSON knows as it is."""
    return value


def text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("no yes or no")
    return value


def whole(least: int, most: int) -> Read:
    """A whole number in these bounds."""

    def read(value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError("out of range")
        return value

    return read


def seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise ValueError("no time")
    return float(value)


def one_of(*words: str) -> Read:
    """One of these words."""

    def read(value: object) -> str:
        if value not in words:
            raise ValueError("no such word")
        return text(value)

    return read


def listed(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def texts(value: object) -> tuple[str, ...]:
    return tuple(text(one) for one in listed(value))


def path(value: object) -> Path:
    if not text(value):
        raise ValueError("no file")
    return Path(text(value))


def paths(value: object) -> tuple[Path, ...]:
    return tuple(path(one) for one in listed(value))


def write_paths(files: tuple[Path, ...]) -> list[str]:
    # What was named in one folder must be found from another one.
    return [str(file.absolute()) for file in files]


def optional(kind: Kind) -> Kind:
    """The same, or None."""
    write, read = kind
    return (
        lambda value: None if value is None else write(value),
        lambda value: None if value is None else read(value),
    )
