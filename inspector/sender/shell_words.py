"""The words of a command line that was copied from elsewhere, as a shell would part them; nothing is ever run. Pure.

Two dialects. POSIX with bash's `$'…'`: single and double quotes, backslashes, line ends behind a backslash, comments,
`;`, `&` and `|` between commands; a variable, or what a `$(…)` prints, stands for itself, and is told by `variables`.
A line end behind PowerShell's backquote is none either. Windows: `^` before a
character or a line end, double quotes with `\\"` or `""` in them, as browsers copy for cmd.exe.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inspector.errors import UsageError

_VARIABLE = re.compile(r"\$(?:\{(\w+)[^}]*\}|(\w+)|(\([^)]*\)))")
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_NUMBER = re.compile(r"x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})")


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `variables` are the shell variables in it, which stand there as they were written; `quoted` tells that
    some of it stood in quotes."""

    text: str
    variables: tuple[str, ...] = ()
    quoted: bool = False


def looks_windows(text: str) -> bool:
    """Whether a command was copied for cmd.exe."""
    return re.search(r"\^\s*[\r\n]|(?:^|\s)\^\"|\^\\\^", text) is not None


def commands(text: str) -> list[list[Word]]:
    """The commands of a text, each as its words. Raises UsageError for a quote that is never closed."""
    return [_windows(text)] if looks_windows(text) else _Posix(text).commands()


class _Posix:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._pieces: list[str] = []
        self._variables: list[str] = []
        self._open = self._quoted = False

    def commands(self) -> list[list[Word]]:
        result: list[list[Word]] = [[]]
        text = self._text
        while self._at < len(text):
            here = text[self._at]
            if here in " \t":
                self._end_word(result)
            elif here in "\n;&|":
                self._end_word(result)
                result.append([])
            elif here == "#" and not self._open:
                end = text.find("\n", self._at)
                self._at = len(text) if end < 0 else end
                continue
            else:
                self._part(here)
                continue
            self._at += 1
        self._end_word(result)
        return [words for words in result if words]

    def _part(self, here: str) -> None:
        """One more part of a word."""
        text, start = self._text, self._at
        if here == "'":
            end = self._closing(text.find("'", start + 1))
            self._take(text[start + 1 : end], end + 1, quoted=True)
        elif text.startswith("$'", start):
            self._ansi(start + 2)
        elif here == '"':
            self._double(start + 1)
        elif here == "`" and text.startswith("\n", start + 1) and not self._open:
            self._at += 2
        elif here == "\\":
            following = text[start + 1 : start + 2]
            if following == "\n":
                self._at += 2
            else:
                self._take(following, start + 2)
        elif here == "$" and (found := _VARIABLE.match(text, start)):
            self._variable(found)
        else:
            self._take(here, start + 1)

    def _double(self, at: int) -> None:
        text = self._text
        self._take("", at, quoted=True)
        while True:
            here = text[self._closing(at if at < len(text) else -1)]
            if here == '"':
                self._at = at + 1
                return
            if here == "\\" and text[at + 1 : at + 2] in ("$", "`", '"', "\\", "\n"):
                self._take(text[at + 1].replace("\n", ""), at + 2)
            elif here == "$" and (found := _VARIABLE.match(text, at)):
                self._variable(found)
            else:
                self._take(here, at + 1)
            at = self._at

    def _ansi(self, at: int) -> None:
        text = self._text
        self._take("", at, quoted=True)
        while True:
            here = text[self._closing(at if at < len(text) else -1)]
            if here == "'":
                self._at = at + 1
                return
            if here != "\\":
                self._take(here, at + 1)
            elif number := _NUMBER.match(text, at + 1):
                value = int(number[number.lastindex or 0], 8 if number[4] else 16)
                self._take(chr(value) if value <= 0x10FFFF else "\ufffd", number.end())
            else:
                following = text[at + 1 : at + 2]
                known = following in "'\"\\?"
                self._take(_ESCAPES.get(following, following if known else f"\\{following}"), at + 2)
            at = self._at

    def _variable(self, found: re.Match[str]) -> None:
        self._variables.append(found[1] or found[2] or f"${found[3]}")
        self._take(found[0], found.end())

    def _take(self, piece: str, at: int, *, quoted: bool = False) -> None:
        self._pieces.append(piece)
        self._at, self._open = at, True
        self._quoted = self._quoted or quoted

    def _closing(self, place: int) -> int:
        if place < 0:
            raise UsageError(
                "A quote in the command is never closed.", "Copy the whole command and paste it again."
            )
        return place

    def _end_word(self, result: list[list[Word]]) -> None:
        if self._open:
            result[-1].append(Word("".join(self._pieces), tuple(self._variables), self._quoted))
        self._pieces, self._variables, self._open, self._quoted = [], [], False, False


def _windows(text: str) -> list[Word]:
    """cmd.exe takes the carets away, then the program parts its own words."""
    text = re.sub(r"\^[ \t]*(?:\r\n|\n|\r)[ \t]*", " ", text.replace("\r\n", "\n"))
    text = re.sub(r"\^([\s\S])", r"\1", text)
    words: list[Word] = []
    pieces: list[str] = []
    in_quotes = was_quoted = False
    at = 0
    while at < len(text):
        here = text[at]
        slashes = len(text[at:]) - len(text[at:].lstrip("\\")) if here == "\\" else 0
        if slashes and text[at + slashes : at + slashes + 1] == '"':
            pieces.append("\\" * (slashes // 2) + ('"' if slashes % 2 else ""))
            at += slashes + slashes % 2
            continue
        if here == '"' and in_quotes and text[at + 1 : at + 2] == '"':
            pieces.append('"')
            at += 1
        elif here == '"':
            in_quotes, was_quoted = not in_quotes, True
        elif here in " \t\n" and not in_quotes:
            if pieces or was_quoted:
                words.append(Word("".join(pieces), (), was_quoted))
            pieces, was_quoted = [], False
        else:
            pieces.append(here)
        at += 1
    if in_quotes:
        raise UsageError(
            "A quote in the command is never closed.", "Copy the whole command and paste it again."
        )
    if pieces or was_quoted:
        words.append(Word("".join(pieces), (), was_quoted))
    return words
