"""What a form shows of a body: its fields and their places, in words that need no model of the contract. Pure; imports
its own room.

Light enough to be imported by the window as it starts; `form_fields` makes these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from inspector.contract.paths import Path, format_path
from inspector.contract.push import Problem, Service


class Kind(StrEnum):
    """How a field is edited."""

    TEXT = "text"
    NUMBER = "number"  # as it is written: it may be a variable, or of a wrong type
    UUID = "uuid"
    TOKEN = "token"  # noqa: S105 - a kind of field
    CHOICE = "choice"  # one of a few
    OFFER = "offer"  # any text, some of them usual
    FLAG = "flag"  # there as 1, or not there
    RAW = "raw"  # a value of another type than documented: as it is written
    ELSEWHERE = "elsewhere"  # an object, a list, or a text that no field can hold: shown, edited in the text


class Shape(StrEnum):
    """What `aps.alert` or `aps.sound` is."""

    ABSENT = "absent"
    TEXT = "text"
    OBJECT = "object"
    OTHER = "other"


class Group(StrEnum):
    """The sections of the form, in their order."""

    PUSH = "Push"
    ALERT = "Alert"
    MESSAGE = "Message"
    CONVERSATION = "Conversation"
    OTHER = "Other keys"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `raw` is its value as written, at the offset `start` of the text; `value` is what a string stands for
    (else the same as `raw`). Both are empty where it is not `present`, and neither is shown in a repr: it may be a
    token. `blank` is the JSON text that is put in where the field is added."""

    path: Path
    group: Group
    kind: Kind
    required: bool = False
    present: bool = False
    start: int = 0
    raw: str = field(default="", repr=False)
    value: str = field(default="", repr=False)
    hint: str = ""
    blank: str = '""'
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """The path as people write it."""
        return format_path(self.path)


@dataclass(frozen=True, slots=True)
class FormReading:
    """A body as a form shows it. `named` is the service that `push-service` and `notificationType` name alike, if they
    do; `left_out` counts unknown keys beyond the ones that are listed."""

    service: Service
    named: Service
    fields: tuple[FormField, ...]
    alert: Shape = Shape.ABSENT
    sound: Shape = Shape.ABSENT
    left_out: int = 0

    def of(self, group: Group) -> tuple[FormField, ...]:
        """A section's fields in their order."""
        return tuple(one for one in self.fields if one.group is group)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a text has no form: a sentence, and where it goes wrong (an offset in characters)."""

    sentence: str
    offset: int


LONGEST_VALUE = 16_384
"""Characters of a value that a field can hold; what is longer is edited in the text."""

_NOT_HELD = frozenset("\r\u2028\u2029\ufdd0\ufdd1\x00")


def holdable(value: str) -> bool:
    """Whether a text field gives a text back as it got it."""
    return len(value) <= LONGEST_VALUE and not (
        _NOT_HELD.intersection(value) or any("\ud800" <= one <= "\udfff" for one in value)
    )
