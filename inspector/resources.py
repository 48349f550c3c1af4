"""The one way to the files of `resources/`: templates, icons, styles. Imports the standard library only.

In a wheel they are packed as `inspector/_resources`; in a checkout they stand at the top level.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """The folder that holds the resources."""
    packed = Path(__file__).parent / "_resources"
    return packed if packed.is_dir() else Path(__file__).parent.parent / "resources"


def path(name: str) -> Path:
    """The path of one resource, for example `icons/copy.svg`. Raises FileNotFoundError where there is none."""
    found = root() / name
    if not found.exists():
        raise FileNotFoundError(f"resource {name} is missing")
    return found


def read_text(name: str) -> str:
    """The text of one resource (UTF-8)."""
    return path(name).read_text(encoding="utf-8")


def read_bytes(name: str) -> bytes:
    """The bytes of one resource."""
    return path(name).read_bytes()


def names(folder: str, suffix: str) -> list[str]:
    """The sorted stems of the files with `suffix` in `folder`."""
    return sorted(entry.stem for entry in (root() / folder).glob(f"*{suffix}"))
