"""Where a body that is still being written has variables in the place of values: `"badge": {{badge}}`. Pure; imports
nothing.

JSON knows no `{{` outside a string (an object's first key is a string), so such a place can't be mistaken for anything
else. A variable inside a string is a part of that string, and no business of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Strings first, so that what looks like a variable inside one is passed over; an open one ends with its line. What
# touches a number or a word is no variable: what they make together can't be known.
_PLACE = re.compile(
    r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"?|(?<![\w.+}-])(?P<bare>\{\{[^{}"\n]*[^{}"\s][^{}"\n]*\}\})(?![\w.+{-])'
)
_WHOLE = re.compile(r'\{\{[^{}"\n]*[^{}"\s][^{}"\n]*\}\}')


def stand_in(text: str) -> str:
    """The text with a `0`, padded with spaces, for every variable that stands where a value does: JSON wherever only
    these kept it from being JSON, and every offset stays what it was."""
    if "{{" not in text:
        return text
    return _PLACE.sub(lambda found: "0".ljust(len(found[0])) if found["bare"] else found[0], text)


def bare_variables(text: str) -> Iterator[tuple[int, int]]:
    """The places (start, end) of the variables that stand where values do, in their order."""
    if "{{" in text:
        yield from (found.span() for found in _PLACE.finditer(text) if found["bare"])


def is_variable(text: str) -> bool:
    """Whether a text is one variable and nothing else."""
    return _WHOLE.fullmatch(text) is not None


def variable_end(text: str, start: int) -> int | None:
    """Where the variable that begins at `start` ends, None where none does."""
    found = _WHOLE.match(text, start)
    return found.end() if found else None
