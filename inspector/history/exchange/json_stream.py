"""Reads a large JSON file entry by entry, so that it need not fit in memory. Pure but for the file it is given.

It goes down a path of objects (`log`, `entries`) to a list, and gives its values one after the other; values that are
on no such path are read and thrown away. What is wrong with the JSON is told with its line and column.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO

_CHUNK = 1024 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
# So near the end of what was read, a mistake may only be that the rest is not there yet.
_SLACK = 16
_UNENDED = "Unterminated string"


class BrokenJsonError(ValueError):
    """The file is no JSON, or not what was looked for. The message has the place in it."""


class JsonStream:
    """One pass over a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._parse = json.JSONDecoder().raw_decode
        self._text = ""
        self._place = 0
        self._lines = 1  # the line that the text begins in, and the characters of it before the text
        self._columns = 0
        self._ended = False
        self.kept: object = None

    def entries(self, *path: str, keep: str = "") -> Iterator[object]:
        """The values of the list at the end of the path. What stands at the key `keep` on the way is kept.
        Raises BrokenJsonError, OSError."""
        found = False
        for key in self._keys(path[0]):
            if key == keep:
                self.kept = self._value()
            elif key != path[0]:
                self._value()
            elif len(path) > 1:
                found = True
                yield from self.entries(*path[1:], keep=keep)
            else:
                found = True
                yield from self._list()
        if not found:
            raise self._broken(f"there is no “{path[0]}” in it")
        if len(path) == 2:
            self._require_end()

    def where(self) -> str:
        """The place that was come to, for people."""
        return self._where(self._place)

    def _keys(self, looked_for: str) -> Iterator[str]:
        """The keys of the object that begins here; after each, its value is to be read."""
        if self._next() != "{":
            raise self._broken(f"an object with “{looked_for}” is expected")
        self._place += 1
        if self._next() == "}":
            self._place += 1
            return
        while True:
            key = self._value()
            if not isinstance(key, str):
                raise self._broken("a key in quotes is expected")
            self._take(":")
            yield key
            if self._next() == "}":
                self._place += 1
                return
            self._take(",")

    def _list(self) -> Iterator[object]:
        if self._next() != "[":
            raise self._broken("a list is expected")
        self._place += 1
        if self._next() == "]":
            self._place += 1
            return
        while True:
            yield self._value()
            if self._next() == "]":
                self._place += 1
                return
            self._take(",")

    def _take(self, sign: str) -> None:
        if self._next() != sign:
            raise self._broken(f"“{sign}” is expected")
        self._place += 1

    def _require_end(self) -> None:
        if self._next():
            raise self._broken("there is something after the end")

    def _next(self) -> str:
        """The next character that is no space, empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def _value(self) -> object:
        self._next()
        while True:
            try:
                value, end = self._parse(self._text, self._place)
            except json.JSONDecodeError as error:
                unended = error.msg.startswith(_UNENDED)
                if (unended or error.pos > len(self._text) - _SLACK) and self._more():
                    continue
                raise BrokenJsonError(f"{self._where(error.pos)}: it is not JSON: {error.msg}") from error
            except RecursionError as error:
                raise self._broken("it is nested too deeply") from error
            except ValueError as error:
                raise self._broken("it holds a number of thousands of digits") from error
            if end == len(self._text) and self._more():
                continue  # a number may go on
            self._place = end
            return value

    def _more(self) -> bool:
        """Read on; False at the end of the file. What was read before is let go."""
        if self._ended:
            return False
        gone = self._text[: self._place]
        if lines := gone.count("\n"):
            self._lines += lines
            self._columns = len(gone) - gone.rindex("\n") - 1
        else:
            self._columns += len(gone)
        chunk = self._file.read(max(_CHUNK, len(self._text) - self._place))
        try:
            fresh = self._decode.decode(chunk, not chunk)
        except UnicodeDecodeError as error:
            self._text, self._place = self._text[self._place :], 0
            where = self._where(len(self._text))
            raise BrokenJsonError(f"{where} or later: it is not UTF-8 ({error.reason})") from error
        self._ended = not chunk
        self._text, self._place = self._text[self._place :] + fresh, 0
        return bool(fresh) or self._more()

    def _where(self, place: int) -> str:
        before = self._text[:place]
        if lines := before.count("\n"):
            return f"line {self._lines + lines}, column {len(before) - before.rindex(chr(10))}"
        return f"line {self._lines}, column {self._columns + len(before) + 1}"

    def _broken(self, what: str) -> BrokenJsonError:
        return BrokenJsonError(f"{self.where()}: {what}")
