"""Variables in a body that is about to be sent, and what stands in their places. Pure; imports its own room.

The language. A variable is `{{name}}` or `{{name arguments}}`; spaces around are free.

    {{uuid}}                 a new UUID (version 4); {{uuid NAME}}: the same one in the whole run
    {{now}}                  the moment of the push, RFC 3339 UTC with milliseconds; one moment for the whole push
    {{now epoch}}            seconds since 1970; {{now epoch_ms}} milliseconds; {{now iso}} as {{now}}
    {{now +1h}}              moved by ms, s, m, h, d or w, to and fro: {{now epoch -30s}}
    {{seq}} {{badge}}        1, 2, 3, … with each push that is sent; {{seq 10}} begins with 10
    {{random 1..100}}        a whole number, both ends included; {{random hex 64}}: so many hexadecimal digits
    {{random word}}          also {{random name}} and {{random one of a|b|c}}
    {{env NAME}}             a value of the chosen environment
    {{{{                     two braces, taken as they are

Within a JSON string a value is escaped as JSON wants it. Outside of one, a number (and true, false and null of an
environment) stands as it is, anything else in quotes. A body that does not begin like JSON is plain text: there values
are put in as they are. What is no such variable stays as it is and is told. The rules are our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from random import Random

from inspector.contract.characters import quote
from inspector.contract.variable_values import (
    MAKERS,
    Value,
    Values,
    VariableError,
    examples,
    is_variable_name,
    masked,
)

__all__ = [
    "Recipe", "Replaced", "Resolved", "Values", "VariableProblem", "examples", "has_variables", "is_variable_name",
    "masked", "read", "resolve", "resolve_body",
]  # fmt: skip

_OPEN = "{{"
_TOKEN = re.compile(r'\{\{\{\{|\{\{([^{}"\\\x00-\x1f]{0,200})\}\}|\{\{(?!\{)|"|\\.|\n', re.DOTALL)
_JSON_BEGINS = ("{", "[", '"')
_NEAR = {
    "time": "now",
    "date": "now",
    "timestamp": "now",
    "guid": "uuid",
    "sequence": "seq",
    "environment": "env",
}


@dataclass(frozen=True, slots=True)
class Replaced:
    """One variable that was filled in. Places are characters: `start` to `end` in the original, `new_start` to
    `new_end` in the result. `value` is what it stands for, not escaped; a `secret` one is not to be shown."""

    start: int
    end: int
    new_start: int
    new_end: int
    name: str
    value: str = field(repr=False)
    secret: bool = False


@dataclass(frozen=True, slots=True)
class VariableProblem:
    """A place from `start` to `end` in the original that was left as it is, and why."""

    start: int
    end: int
    message: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A text with its variables filled in."""

    text: str = field(repr=False)
    replaced: tuple[Replaced, ...] = ()
    problems: tuple[VariableProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """`within` is `string`, `bare` or `text`; an empty `name` is two braces taken as they are."""

    start: int
    end: int
    name: str
    arguments: str
    within: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A text that was read once, to be filled in for each push of a run."""

    text: str = field(repr=False)
    places: tuple[_Place, ...] = field(default=(), repr=False)
    problems: tuple[VariableProblem, ...] = ()

    @property
    def varies(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(self.places)

    def resolve(self, values: Values, random: Random | None = None) -> Resolved:
        """The text of one push. `random` goes on where another text of the same push left it."""
        if not self.places:
            return Resolved(self.text, (), self.problems)
        random = random or values.random()
        pieces: list[str] = []
        replaced: list[Replaced] = []
        problems = list(self.problems)
        done, length = 0, 0
        for place in self.places:
            try:
                value = MAKERS[place.name](place.arguments, values, random) if place.name else Value(_OPEN)
            except VariableError as error:
                problems.append(VariableProblem(place.start, place.end, error.message, error.next_step))
                continue
            new = _written(value, place)
            before = self.text[done : place.start]
            pieces += (before, new)
            length += len(before)
            if place.name:
                name = f"{place.name} {place.arguments}".strip()
                replaced.append(
                    Replaced(
                        place.start, place.end, length, length + len(new), name, value.text, value.secret
                    )
                )
            length += len(new)
            done = place.end
        pieces.append(self.text[done:])
        problems.sort(key=lambda problem: problem.start)
        return Resolved("".join(pieces), tuple(replaced), tuple(problems))


def has_variables(text: str) -> bool:
    """Whether anything in the text may be a variable."""
    return _OPEN in text


def read(text: str) -> Recipe:
    """Find the variables of a text. A text without `{{` is kept as the very same object."""
    if _OPEN not in text:
        return Recipe(text)
    places: list[_Place] = []
    problems: list[VariableProblem] = []
    for place in _scan(text):
        if isinstance(place, VariableProblem):
            problems.append(place)
        elif place.name in MAKERS or not place.name:
            places.append(place)
        else:
            problems.append(_unknown(place))
    return Recipe(text, tuple(places), tuple(problems))


def resolve(text: str, source: Values, random: Random | None = None) -> Resolved:
    """The text with its variables filled in. Never raises: what can't be filled in stays, and is told."""
    return read(text).resolve(source, random)


def resolve_body(body: bytes, source: Values) -> tuple[bytes, Resolved]:
    """The same for bytes, of which those that are no UTF-8 stay as they are; without `{{` the very same bytes. The
    places of the answer count characters (of a body that is no UTF-8, each odd byte is one)."""
    text = body.decode("utf-8", "surrogateescape")
    if _OPEN not in text:
        return body, Resolved(text)
    resolved = resolve(text, source)
    return resolved.text.encode("utf-8", "surrogateescape"), resolved


def _scan(text: str) -> Iterator[_Place | VariableProblem]:
    """What stands in double braces, and what begins so and is no variable. A line break ends a string, as none is
    allowed in it: a quote too many spoils one line only."""
    json = text.lstrip("\ufeff \t\r\n").startswith(_JSON_BEGINS)
    in_string = False
    for token in _TOKEN.finditer(text):
        here = token[0]
        if here == '"':
            in_string = not in_string
        elif here == "\n":
            in_string = False
        elif here[0] == "\\":
            in_string = in_string and here[1:] != "\n"
        elif here == _OPEN:
            yield VariableProblem(
                token.start(), token.end(), "‘{{’ begins a variable that can't be read.",
                "Close it with ‘}}’, or write ‘{{{{’ for two braces.",
            )  # fmt: skip
        else:
            within = "text" if not json else "string" if in_string else "bare"
            name, _, arguments = " ".join((token[1] or "").split()).partition(" ")
            if name or token[1] is None:
                yield _Place(token.start(), token.end(), name, arguments, within)
            else:
                yield VariableProblem(
                    token.start(), token.end(), "There is no name between ‘{{’ and ‘}}’.",
                    f"There are: {', '.join(MAKERS)}.",
                )  # fmt: skip


def _unknown(place: _Place) -> VariableProblem:
    shown = place.name if len(place.name) <= 40 else f"{place.name[:39]}…"
    close = get_close_matches(place.name[:40], MAKERS, n=1, cutoff=0.5) or [""]
    near = _NEAR.get(place.name.lower()) or close[0]
    if place.name.isupper() and is_variable_name(place.name):
        near = f"env {shown}"
    return VariableProblem(
        place.start,
        place.end,
        f"There is no variable {shown}.",
        f"Did you mean {near}?" if near else f"There are: {', '.join(MAKERS)}.",
    )


def _written(value: Value, place: _Place) -> str:
    """How a value stands in its place. Two braces are never more than that."""
    if not place.name or place.within == "text" or (place.within == "bare" and value.bare):
        return value.text
    quoted = quote(value.text)
    return quoted if place.within == "bare" else quoted[1:-1]
