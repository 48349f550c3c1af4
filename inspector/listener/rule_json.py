"""Rules as JSON, for the profile and for files that people write. Imports the standard library and the words for rules.

    [{"name": "No such brand", "match": {"brand": "9*"}, "answer": {"status": 403}, "share": 50, "first": 2}]

What is left out is as in `Rule`, `Match` and `Answer`; only what differs from that is written. Headers are pairs of
name and value. A key that there is not is refused: a slip of the pen must not become a rule for every push.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from inspector.errors import UsageError
from inspector.history.model import Headers
from inspector.listener.rule import Answer, Fault, Match, Rule
from inspector.listener.rule_check import require_sound

_Record = TypeVar("_Record", Rule, Match, Answer)
_REMEDY = "Correct it there; what is left out has its usual value."
_LARGEST = 2**53  # what every reader of JSON takes for the same whole number


class _UnreadableError(Exception):
    """Something that can't be read, and where in the rule."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(why)
        self.where = where
        self.why = why


def rules_to_json(rules: Sequence[Rule]) -> str:
    """The rules as a JSON list, one rule to a line."""
    lines = [json.dumps(one, ensure_ascii=False) for one in rules_to_data(rules)]
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def rules_from_json(text: str) -> tuple[Rule, ...]:
    """The rules of a JSON list. Raises UsageError with one line: the rule's number, the field, the cause."""
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise UsageError(
            f"The rules are not JSON: line {error.lineno}, column {error.colno}: {error.msg}.", _REMEDY
        ) from error
    except _UnreadableError as fault:
        raise UsageError(f"The rules are not JSON that can be taken: {fault.why}.", _REMEDY) from fault
    except (RecursionError, ValueError) as error:  # nested too deeply, or a number of thousands of digits
        raise UsageError(
            "The rules are not JSON that can be taken: they are too deep or too long.", _REMEDY
        ) from error
    return rules_from_data(data)


def rules_to_data(rules: Sequence[Rule]) -> list[dict[str, object]]:
    """The rules as what `json` writes, to be put into something larger."""
    return [_written(rule) for rule in rules]


def rules_from_data(data: object, *, sound: bool = True) -> tuple[Rule, ...]:
    """The rules of what `json` has read. Raises UsageError as `rules_from_json`; where they need not be `sound`, only
    for what is no rule at all."""
    if not isinstance(data, list):
        raise UsageError(f"The rules are {_kind(data)}; a list was expected.", _REMEDY)
    rules = []
    for number, one in enumerate(data, 1):
        try:
            rules.append(_read(Rule, one, ""))
        except _UnreadableError as fault:
            place = f", {fault.where}" if fault.where else ""
            raise UsageError(f"Rule {number}{place}: {fault.why}.", _REMEDY) from fault
    if sound:
        require_sound(rules)
    return tuple(rules)


def _written(record: Rule | Match | Answer) -> dict[str, object]:
    made: dict[str, object] = {}
    usual = Rule(name="") if isinstance(record, Rule) else type(record)()
    for name in (field.name for field in fields(record)):
        value = getattr(record, name)
        if value == getattr(usual, name) and name != "name":
            continue
        if isinstance(value, Match | Answer):
            made[name] = _written(value)
        elif isinstance(value, tuple):
            made[name] = [list(pair) for pair in value]
        else:
            made[name] = value.value if isinstance(value, Fault) else value
    return made


def _read(kind: type[_Record], data: object, where: str) -> _Record:
    if not isinstance(data, dict):
        raise _UnreadableError(where, f"{_kind(data)} was found; an object was expected")
    known = _READERS[kind]
    read: dict[str, Any] = {}
    for name, value in data.items():
        if name not in known:
            raise _UnreadableError(where, f"there is no field {_quoted(name)}; {_nearest(name, known)}")
        read[name] = known[name](value, f"{where}.{name}" if where else name)
    if kind is Rule and "name" not in read:
        raise _UnreadableError("name", "the rule has none")
    return kind(**read)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _UnreadableError(where, f"{_kind(value)} was found; a text was expected")
    return value


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _UnreadableError(where, f"{_kind(value)} was found; true or false was expected")
    return value


def _whole(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _UnreadableError(where, f"{_kind(value)} was found; a whole number was expected")
    if abs(value) > _LARGEST:
        raise _UnreadableError(where, "the number is too large")
    return value


def _number(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _UnreadableError(where, f"{_kind(value)} was found; a number was expected")
    if abs(value) > _LARGEST:
        raise _UnreadableError(where, "the number is too large")
    return float(value)


def _fault(value: object, where: str) -> Fault:
    names = [fault.value for fault in Fault]
    text = _text(value, where)
    if text not in names:
        raise _UnreadableError(where, f"there is no fault {_quoted(text)}; {_nearest(text, names)}")
    return Fault(text)


def _headers(value: object, where: str) -> Headers:
    pairs = list(value.items()) if isinstance(value, dict) else value
    if not isinstance(pairs, list):
        raise _UnreadableError(
            where, f"{_kind(value)} was found; a list of pairs, name and value, was expected"
        )
    read = []
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise _UnreadableError(where, "a header is a pair of name and value")
        read.append((_text(pair[0], where), _text(pair[1], where)))
    return tuple(read)


_READERS: dict[type[Rule | Match | Answer], Mapping[str, Callable[[object, str], object]]] = {
    Rule: {
        "name": _text,
        "match": lambda value, where: _read(Match, value, where),
        "answer": lambda value, where: _read(Answer, value, where),
        "share": _number,
        "first": _whole,
        "per_message": _flag,
        "enabled": _flag,
    },
    Match: dict.fromkeys((field.name for field in fields(Match)), _text),
    Answer: {
        "status": _whole,
        "delay_seconds": _number,
        "fail_first": _whole,
        "drop": _flag,
        "headers": _headers,
        "body": _text,
        "fault": _fault,
    },
}


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _UnreadableError("", f"{_quoted(twice)} stands twice in one object")
    return made


def _no_constant(name: str) -> object:
    raise _UnreadableError("", f"{name} is no number of JSON")


def _nearest(name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    return f"perhaps {_quoted(near[0])} is meant" if near else f"there are {', '.join(known)}"


def _quoted(text: str) -> str:
    shown = "".join(one if one.isprintable() else "�" for one in text)
    return f"“{shown if len(shown) <= 40 else shown[:39] + '…'}”"


def _kind(value: object) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        type(None): "nothing (null)",
    }
    return names.get(type(value), "a number")
