"""What variables stand for: the values of one push, drawn from a seed. Pure; imports nothing of the package.

Everything that one push gets follows from its `Values`: the same values make the same text, so what is previewed is
what is sent (but for the moment of `{{now}}`). Nobody holds a counter that a preview could use up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

LONGEST_HEX = 8192
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OFFSET = re.compile(r"([+-])(\d{1,9})(ms|s|m|h|d|w)")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_RANGE = re.compile(r"(-?\d{1,18})\.\.(-?\d{1,18})")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = (
    *(
        "amber",
        "anchor",
        "apple",
        "autumn",
        "bridge",
        "candle",
        "castle",
        "cedar",
        "copper",
        "delta",
        "ember",
        "falcon",
    ),
    *(
        "feather",
        "forest",
        "garden",
        "harbour",
        "island",
        "kettle",
        "lantern",
        "marble",
        "meadow",
        "mirror",
        "morning",
    ),
    *(
        "needle",
        "ocean",
        "orange",
        "paper",
        "pepper",
        "planet",
        "river",
        "silver",
        "spring",
        "stone",
        "summer",
    ),
    *("thunder", "valley", "velvet", "violet", "walnut", "window", "winter"),
)
_NAMES = (
    *(
        "Ada",
        "Amir",
        "Anna",
        "Bruno",
        "Chloé",
        "Dana",
        "David",
        "Elif",
        "Emma",
        "Felix",
        "Grace",
        "Hana",
        "Jonas",
    ),
    *(
        "Kenji",
        "Lea",
        "Liam",
        "Mei",
        "Mia",
        "Noah",
        "Olga",
        "Omar",
        "Priya",
        "Rosa",
        "Sami",
        "Sofia",
        "Tom",
        "Yael",
    ),
)


class VariableError(ValueError):
    """A variable that can't be filled in. `message` names the cause, `next_step` what to write."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step


@dataclass(frozen=True, slots=True)
class Values:
    """What the variables of one push stand for.

    `number` counts the pushes of a run from 0: `{{seq}}` is `seq_start + number`, `{{badge}}` likewise. `now` is one
    moment for the whole push, with a time zone. `environment` holds what `{{env NAME}}` finds; those in `secrets` are
    never shown. `seed` tells runs apart: pushes of one run share it.
    """

    number: int
    now: datetime
    seed: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: frozenset[str] = frozenset()
    seq_start: int = 1
    badge_start: int = 1

    def random(self) -> Random:
        """The randomness of this push, always from its beginning."""
        return Random(f"{self.seed}/{self.number}")  # noqa: S311 - test data, meant to come out the same again

    def named_uuid(self, name: str) -> str:
        """The UUID that has this name in the whole run."""
        return _uuid(Random(f"{self.seed}/uuid/{name}"))  # noqa: S311 - the same


MASK = "•••"
"""Stands for a secret wherever a body is only looked at."""


def masked(values: Values) -> Values:
    """The same without the environment's secrets."""
    hidden = {name: MASK if name in values.secrets else text for name, text in values.environment.items()}
    return replace(values, environment=hidden)


def examples(now: datetime, environment: Mapping[str, str] | None = None) -> Values:
    """Values to show where no run is at hand: always the same ones for the same moment."""
    return Values(0, now, "example", dict(environment or {}))


@dataclass(frozen=True, slots=True)
class Value:
    """One value. `bare`: it may stand in JSON as it is, outside a string."""

    text: str = field(repr=False)
    bare: bool = False
    secret: bool = False


Maker = Callable[[str, Values, Random], Value]


def _uuid(random: Random) -> str:
    from uuid import UUID  # it asks the system who it is as it is imported

    return str(UUID(int=random.getrandbits(128), version=4))


def _make_uuid(arguments: str, values: Values, random: Random) -> Value:
    if not arguments:
        return Value(_uuid(random))
    if not _NAME.fullmatch(arguments):
        raise VariableError("That is no name for a UUID.", "Write letters and digits: {{uuid dialog}}.")
    return Value(values.named_uuid(arguments))


def _make_now(arguments: str, values: Values, _random: Random) -> Value:
    moment, form = values.now, "iso"
    for place, word in enumerate(arguments.split()):
        offset = _OFFSET.fullmatch(word)
        if offset is not None:
            try:
                step = int(offset[2]) * _UNITS[offset[3]]
                moment = moment + step if offset[1] == "+" else moment - step
            except OverflowError as error:
                raise VariableError(
                    "That moment is beyond what a date can say.", "Take a smaller offset: +1h."
                ) from error
        elif place == 0 and word in ("iso", "epoch", "epoch_ms"):
            form = word
        else:
            raise VariableError(
                "{{now}} does not know what follows it.",
                "Write iso, epoch or epoch_ms, then an offset such as +1h or -30s.",
            )
    if form == "iso":
        text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
        return Value(text.replace("+00:00", "Z"))
    unit = timedelta(seconds=1) if form == "epoch" else timedelta(milliseconds=1)
    return Value(str((moment - _EPOCH) // unit), bare=True)


def _make_seq(arguments: str, values: Values, _random: Random) -> Value:
    return _count("seq", arguments, values.seq_start, values.number)


def _make_badge(arguments: str, values: Values, _random: Random) -> Value:
    return _count("badge", arguments, values.badge_start, values.number)


def _count(name: str, arguments: str, start: int, number: int) -> Value:
    if arguments and not re.fullmatch(r"-?\d{1,18}", arguments):
        raise VariableError(f"{{{{{name}}}}} begins with a whole number.", f"Write it as {{{{{name} 10}}}}.")
    return Value(str((int(arguments) if arguments else start) + number), bare=True)


def _make_random(arguments: str, _values: Values, random: Random) -> Value:
    kind, _, rest = arguments.partition(" ")
    rest = rest.strip()
    if bounds := _RANGE.fullmatch(arguments):
        low, high = sorted((int(bounds[1]), int(bounds[2])))
        return Value(str(random.randint(low, high)), bare=True)
    if (
        kind == "hex"
        and rest.isascii()
        and rest.isdigit()
        and 1 <= len(rest) <= 5
        and 1 <= int(rest) <= LONGEST_HEX
    ):
        return Value(f"{random.getrandbits(4 * int(rest)):0{int(rest)}x}")
    if arguments == "word":
        return Value(random.choice(_WORDS))
    if arguments == "name":
        return Value(random.choice(_NAMES))
    if kind == "one" and rest.startswith("of "):
        return Value(random.choice([choice.strip() for choice in rest[3:].split("|")]))
    raise VariableError(
        "{{random}} does not know what follows it.",
        f"Write 1..100, hex 64 (up to {LONGEST_HEX:,}), word, name, or one of a|b|c.",
    )


def _make_env(arguments: str, values: Values, _random: Random) -> Value:
    if not _NAME.fullmatch(arguments):
        raise VariableError("{{env}} needs the name of a value.", "Write it as {{env BRAND}}.")
    if arguments not in values.environment:
        raise VariableError(
            f"The environment has no value {arguments}.",
            f"Add {arguments} to the environment, or choose another environment.",
        )
    text = values.environment[arguments]
    is_json = text in ("true", "false", "null") or _NUMBER.fullmatch(text) is not None
    return Value(text, bare=is_json, secret=arguments in values.secrets)


MAKERS: dict[str, Maker] = {
    "uuid": _make_uuid,
    "now": _make_now,
    "seq": _make_seq,
    "badge": _make_badge,
    "random": _make_random,
    "env": _make_env,
}


def is_variable_name(name: str) -> bool:
    """Whether `{{env NAME}}` can have this name: a letter or `_`, then letters, digits and `_.-`, 64 at most."""
    return _NAME.fullmatch(name) is not None
