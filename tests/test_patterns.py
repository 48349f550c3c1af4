"""Regular expressions that mean the same with every Python that the package runs on."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "inspector").rglob("*.py")
    if path.stem not in ("__init__", "__main__")
)


def possessive_groups(pattern: re.Pattern[Any]) -> int:
    """How many possessive repetitions there are of more than a single character."""
    parser: Any = vars(re)["_parser"]
    found = 0
    left = [parser.parse(pattern.pattern, pattern.flags)]
    while left:
        part = left.pop()
        if isinstance(part, parser.SubPattern):
            left += part.data
        elif isinstance(part, tuple | list):
            if part and str(part[0]) == "POSSESSIVE_REPEAT":
                inside = part[1][2]
                found += inside.getwidth() != (1, 1) or str(inside[0][0]) == "SUBPATTERN"
            left += part
    return found


@pytest.mark.parametrize(
    ("pattern", "groups"),
    [(r"a*+[bc]++.?+", 0), (r"(?:ab)*+", 1), (r"(?>(?:ab)*)", 0), (r"(x(?:a|bc)?+)++", 2), (rb"(a)*+", 1)],
)
def test_possessive_groups_are_found(pattern: str | bytes, groups: int) -> None:
    assert possessive_groups(re.compile(pattern)) == groups


@pytest.mark.parametrize("name", MODULES)
def test_no_pattern_has_a_possessive_group(name: str) -> None:
    """Before Python 3.11.5 such a group takes half of what its inside failed at: `(?:\\.[0-9]+)?+` takes the `.` of
    `1.` (gh-106052). Debian 12 has 3.11.2. `(?>…)` is right in all."""
    module = importlib.import_module(name)
    for value in vars(module).values():
        patterns = value.values() if isinstance(value, dict) else [value]
        for pattern in patterns:
            if isinstance(pattern, re.Pattern):
                assert not possessive_groups(pattern), pattern.pattern
