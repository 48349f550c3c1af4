"""Frozen dataclasses that are quick to make: nothing else about them changes."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from inspector.contract.push import Push, Service
from inspector.frozen import quickly_made
from inspector.history.model import Direction, Kind, NewEvent, Row


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    """One field that must be given, one with a default, one that is not shown."""

    first: int
    second: str = "two"
    hidden: bytes = field(default=b"secret", repr=False)


@dataclass(frozen=True, slots=True)
class Slow:
    """The same without it."""

    first: int
    second: str = "two"
    hidden: bytes = field(default=b"secret", repr=False)


def test_it_is_made_as_others_are() -> None:
    assert Quick(1) == Quick(1, "two", b"secret") == Quick(first=1, second="two")
    assert repr(Quick(1, hidden=b"key")) == "Quick(first=1, second='two')"
    assert hash(Quick(1)) == hash(Slow(1))
    assert replace(Quick(1), second="other") == Quick(1, "other")
    assert Quick.__init__.__defaults__ == Slow.__init__.__defaults__


@pytest.mark.parametrize("arguments", [(), (1, "2", b"3", 4)])
def test_a_wrong_call_is_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        Quick(*arguments)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Quick(1, third=3)  # type: ignore[call-arg]


def test_it_is_as_frozen_as_before() -> None:
    made = Quick(1)
    with pytest.raises(FrozenInstanceError):
        made.first = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del made.first
    assert not hasattr(made, "__dict__")


def test_it_can_be_copied() -> None:
    made = Quick(1, "é", b"\x00")
    assert copy.deepcopy(made) == copy.copy(made) == made


@pytest.mark.parametrize("kind", [NewEvent, Row, Push])
def test_the_records_of_a_push_are_such(kind: type) -> None:
    assert kind.__init__.__qualname__ == f"{kind.__name__}.__init__"  # type: ignore[misc]
    assert all(field.init for field in fields(kind))


def test_what_is_left_out_has_its_default() -> None:
    event = NewEvent(kind=Kind.PUSH, direction=Direction.IN, at=1, badge=3)
    assert (event.badge, event.headers, event.service, event.advice) == (3, (), Service.UNKNOWN, None)


def test_classes_of_another_kind_are_refused() -> None:
    @dataclass(frozen=True)
    class Open:
        first: int

    @dataclass(frozen=True, slots=True)
    class Checked:
        first: int

        def __post_init__(self) -> None:
            raise AssertionError

    @dataclass(frozen=True, slots=True)
    class Listed:
        first: list[int] = field(default_factory=list)

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        first: int

    for kind in (Open, Checked, Listed, Named):
        with pytest.raises(TypeError):
            quickly_made(kind)
