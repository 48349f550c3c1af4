"""JSON that others wrote, looked at value by value: what does not fit is a FaultError that says where. Pure; imports
nothing but the word for half a text.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from inspector.history.exchange.record import HALVES

_LARGEST = 2**63
# Times that every calendar and clock here can tell, in any zone: from 1970 to the last days of 9999.
_LATEST = 253_402_128_000_000_000
_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=StrEnum)
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number with a fraction",
    type(None): "null",
}


class FaultError(ValueError):
    """What is wrong with an entry, in a few words for people."""


class Fields:
    """One JSON object. Every method takes a key and raises FaultError where the value does not fit; a key that is not
    there, or null, is None (or what the method names)."""

    def __init__(self, value: object, where: str = "") -> None:
        if not isinstance(value, dict):
            raise FaultError(f"{where or 'it'} is {kind(value)} where an object belongs")
        self._values: dict[str, Any] = value
        self._prefix = f"{where}." if where else ""

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def raw(self, key: str) -> object:
        """The value as it is."""
        return self._values.get(key)

    def text_or_none(self, key: str) -> str | None:
        value = self._values.get(key)
        if value is None or type(value) is str:
            return value
        return self.as_text(value, key)

    def text(self, key: str, default: str | None = "") -> str:
        """A text; without a default it must be there."""
        value = self.text_or_none(key)
        if value is None:
            value = default
        if value is None:
            raise self._missing(key)
        return value

    def as_text(self, value: object, key: str) -> str:
        """A value that stands at `key` (or in a list there) as a text."""
        if isinstance(value, dict) and value.keys() == {HALVES}:
            try:
                return self.base64(value[HALVES], key).decode("utf-8", "surrogatepass")
            except UnicodeDecodeError as error:
                raise FaultError(f"{self._name(key)} is no text: {error.reason}") from error
        if not isinstance(value, str):
            raise self._wrong(key, value, "a text")
        return value

    def number_or_none(self, key: str) -> int | None:
        value = self._values.get(key)
        if value is None:
            return None
        if type(value) is not int:
            raise self._wrong(key, value, "a whole number")
        if not -_LARGEST <= value < _LARGEST:
            raise FaultError(f"{self._name(key)} does not fit in 64 bits")
        return value

    def number(self, key: str, default: int | None = None, *, least: int | None = None) -> int:
        """A whole number; without a default it must be there."""
        value = self.number_or_none(key)
        if value is None:
            value = default
        if value is None:
            raise self._missing(key)
        if least is not None and value < least:
            raise FaultError(f"{self._name(key)} is {value}, less than {least}")
        return value

    def moment_or_none(self, key: str) -> int | None:
        """Microseconds since 1970 that a calendar can tell."""
        value = self.number_or_none(key)
        if value is not None and not is_moment(value):
            raise FaultError(f"{self._name(key)} is no time between the years 1970 and 9999")
        return value

    def moment(self, key: str, default: int | None = None) -> int:
        """The same; without a default it must be there."""
        value = self.moment_or_none(key)
        if value is None:
            value = default
        if value is None:
            raise self._missing(key)
        return value

    def measure(self, key: str) -> float | None:
        """A number with or without a fraction."""
        value = self._values.get(key)
        if value is None or type(value) in (int, float):
            return value
        if value in ("inf", "-inf"):
            return float(value)
        raise self._wrong(key, value, "a number")

    def flag_or_none(self, key: str) -> bool | None:
        value = self._values.get(key)
        if value is None or isinstance(value, bool):
            return value
        raise self._wrong(key, value, "true or false")

    def word(self, key: str, words: type[_Word], default: _Word | None = None) -> _Word:
        """One of several words; without a default it must be there."""
        value = self.text_or_none(key)
        if value is None:
            if default is None:
                raise self._missing(key)
            return default
        try:
            return words(value)
        except ValueError:
            known = ", ".join(words)
            raise FaultError(f"{self._name(key)} is {_short(value)}, which is none of {known}") from None

    def entries_of(self, key: str) -> list[Any] | None:
        value = self._values.get(key)
        if value is None or isinstance(value, list):
            return value
        raise self._wrong(key, value, "a list")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where there is none."""
        return tuple(self.as_text(value, key) for value in self.entries_of(key) or ())

    def parts(self, key: str, make: Callable[[Fields], _T]) -> tuple[_T, ...]:
        """A list of objects, each made into something; empty where there is none."""
        name = self._name(key)
        return tuple(
            make(Fields(value, f"{name}[{place}]")) for place, value in enumerate(self.entries_of(key) or ())
        )

    def part(self, key: str, make: Callable[[Fields], _T]) -> _T | None:
        """An object made into something."""
        value = self._values.get(key)
        return None if value is None else make(Fields(value, self._name(key)))

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A list of `[name, value]`; empty where there is none."""
        found = []
        for pair in self.entries_of(key) or ():
            if not isinstance(pair, list) or len(pair) != 2:
                raise FaultError(f"{self._name(key)} has an entry that is no pair of name and value")
            found.append((self.as_text(pair[0], key), self.as_text(pair[1], key)))
        return tuple(found)

    def data(self, key: str) -> bytes:
        """Bytes, kept as text or, under the name with `_base64`, in base64; empty where there are none."""
        encoded = self._values.get(f"{key}_base64")
        if encoded is not None:
            return self.base64(encoded, f"{key}_base64")
        try:
            return self.text(key).encode()
        except UnicodeEncodeError:
            raise FaultError(f"{self._name(key)} has half of a surrogate pair: it is no text") from None

    def base64(self, value: object, key: str) -> bytes:
        """What a text in base64 stands for."""
        if not isinstance(value, str):
            raise self._wrong(key, value, "a text in base64")
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise FaultError(f"{self._name(key)} is not base64") from None

    def hex(self, key: str) -> bytes | None:
        """What a text of hexadecimal digits stands for."""
        value = self.text_or_none(key)
        try:
            return None if value is None else bytes.fromhex(value)
        except ValueError:
            raise FaultError(f"{self._name(key)} is not hexadecimal") from None

    def _name(self, key: str) -> str:
        return f"{self._prefix}{key}"

    def _missing(self, key: str) -> FaultError:
        return FaultError(f"{self._name(key)} is missing")

    def _wrong(self, key: str, value: object, wanted: str) -> FaultError:
        return FaultError(f"{self._name(key)} is {kind(value)} where {wanted} belongs")


def is_moment(microseconds: int) -> bool:
    """Whether that is a time that can be shown."""
    return 0 <= microseconds < _LATEST


def kind(value: object) -> str:
    """What a JSON value is, for people; never the value itself, which may be secret."""
    return _KINDS.get(type(value), "something else")


def _short(text: str) -> str:
    plain = "".join(one if one.isprintable() else " " for one in text)
    return f"“{plain[:20]}{'…' if len(plain) > 20 else ''}”"
