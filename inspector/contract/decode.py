"""Bytes to a JSON value and the problems of its text. Never raises. Pure; imports its own room.

Two ways lead through: `decode_clean` is one pass of Python's C scanner and gives up on anything odd; then
`decode_carefully` walks the text token by token, at any depth, and says what is odd and where. A listener that takes
thousands of pushes a second goes the first way with nearly all of them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from inspector.contract import scan
from inspector.contract.build import MAX_DEPTH, build
from inspector.contract.characters import clean
from inspector.contract.faults import JsonSyntaxError
from inspector.contract.findings import Findings
from inspector.contract.push import Problem, Severity
from inspector.contract.reading import read_text


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a body is as JSON: `value` of dict, list, str, int, float, bool, None and Verbatim; None where `is_json` is
    false. Of equal keys in an object the last one counts."""

    is_json: bool
    value: object
    problems: tuple[Problem, ...]


class _OddError(ValueError):
    """Something that the careful way must look at."""


ODD = object()
"""What `decode_clean` gives for a body that is not clean."""

_HIGH = r"\\u[dD][89abAB][0-9a-fA-F]{2}"
_LOW = r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF_PAIR = re.compile(rf"{_HIGH}(?!{_LOW})|(?<!\\u[dD][89abAB]..){_LOW}")


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _OddError
    return made


def _finite_float(literal: str) -> float:
    made = float(literal)
    if math.isinf(made):
        raise _OddError
    return made


def _refuse(_: str) -> object:
    raise _OddError


_clean_decoder = json.JSONDecoder(parse_float=_finite_float, parse_constant=_refuse)
_unique_decoder = json.JSONDecoder(
    object_pairs_hook=_unique_keys, parse_float=_finite_float, parse_constant=_refuse
)
# A whole number beyond this is not every reader's.
_LARGEST = 10**18


def decode(raw: bytes) -> Decoded:
    """The JSON value of any bytes, and everything that is not clean about its text."""
    value = decode_clean(raw)
    if value is not ODD:
        return Decoded(is_json=True, value=value, problems=())
    findings = Findings()
    is_json, value = decode_carefully(raw, findings)
    return Decoded(is_json, value, findings.result())


def decode_clean(raw: bytes) -> object:
    """The JSON value of a body whose text has no problem whatever, else ODD."""
    try:
        text = raw.decode()
        value: object = _clean_decoder.decode(text)
        # Without a backslash every quote is the edge of a text. A key that came twice is in the body and not in the
        # value, which has fewer texts then; where that is not so, or can't be told so easily, the slower decoder tells.
        texts = _count_texts(value)
        if "\\" in text or text.count('"') != 2 * texts:
            value = _unique_decoder.decode(text)
    except (ValueError, RecursionError):
        return ODD
    if "\\u" in text and ("\\\\" in text or _HALF_PAIR.search(text)) and _SURROGATE_ESCAPE.search(text):
        return ODD
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _is_deep(value):
        return ODD
    return value


def _count_texts(value: object) -> int:
    """How many texts a value holds, keys included. Raises _OddError for a number that is too large."""
    found = 0
    if type(value) is dict:
        found = len(value)
        children: Iterable[object] = value.values()
    elif type(value) is list:
        children = value
    else:
        children = (value,)
    for child in children:
        kind = type(child)
        if kind is str:
            found += 1
        elif kind is dict or kind is list:
            found += _count_texts(child)
        elif kind is int and not -_LARGEST < child < _LARGEST:  # type: ignore[operator]
            raise _OddError
    return found


_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for parent in level
            for child in (
                parent.values() if isinstance(parent, dict) else parent if isinstance(parent, list) else ()
            )
        ]
        if not level:
            return False
    return True


def decode_carefully(raw: bytes, findings: Findings) -> tuple[bool, object]:
    """Whether a body is JSON, and its value; everything that is not clean about its text goes to `findings`."""
    text = read_text(raw, findings)
    if text is None:
        return False, None
    if not text.strip(" \t\r\n"):
        size = "The body is empty" if not raw else "The body holds white space only"
        findings.add("empty_body", Severity.ERROR, (), "{size}; a JSON object was expected.", size=size)
        return False, None
    try:
        return True, build(text, findings)
    except JsonSyntaxError as fault:
        line, column = scan.line_and_column(text, fault.offset)
        findings.add(
            "not_json",
            Severity.ERROR,
            (),
            "The body is not JSON: line {line}, column {column}: {fault}.",
            line=line,
            column=column,
            fault=clean(fault.message),
        )
        return False, None
