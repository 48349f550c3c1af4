"""A JSON text to a value and the problems of its text, token by token, at any depth. Pure; imports its own room."""

from __future__ import annotations

import math

from inspector.contract import scan
from inspector.contract.characters import has_lone_surrogate
from inspector.contract.faults import JsonSyntaxError
from inspector.contract.findings import Findings
from inspector.contract.paths import Path
from inspector.contract.push import Severity
from inspector.contract.verbatim import Verbatim

MAX_DEPTH = 128
"""Levels of nesting that a decoded document has at most; what is deeper stays as its text (Verbatim). Far below what
Python's recursive functions bear, so that whoever gets a document may use them."""

MAX_INT_DIGITS = 640
"""The longest int that becomes a Python int: the least to which Python's own limit can be set."""

INT64 = range(-(2**63), 2**63)
"""The whole numbers that other programs and databases hold."""


def build(text: str, findings: Findings, at: Path = ()) -> object:
    """The value of a JSON text; what is odd in it goes to `findings`, with paths that begin with `at`.

    Raises JsonSyntaxError where the text is not JSON. Text that follows a whole object is a finding, not a fault.
    """
    builder = _Builder(text, findings, at)
    stream = scan.tokens(text)
    try:
        for kind, start, end in stream:
            builder.take(kind, start, end)
    except JsonSyntaxError as fault:
        if not fault.trailing or not isinstance(builder.root, dict):
            raise
        line, column = scan.line_and_column(text, fault.offset)
        findings.add(
            "trailing_text",
            Severity.ERROR,
            at,
            "After the end of the document, at line {line}, column {column}, more text follows.",
            line=line,
            column=column,
        )
    return builder.root


class _Builder:
    """Puts tokens together to a value. Keeps its own stack, so no depth can exhaust Python's."""

    def __init__(self, text: str, findings: Findings, at: Path) -> None:
        self.root: object = None
        self._text = text
        self._findings = findings
        self._at = at
        self._open: list[dict[str, object] | list[object]] = []
        self._keys: list[str] = []  # the key that waits for its value, one for each open container
        self._repeats: list[dict[str, int]] = []
        self._may_have_surrogates = "\\u" in text or has_lone_surrogate(text)
        self._too_deep_at = -1  # where the value that is too deep begins
        self._below = 0  # open containers within it

    def take(self, kind: str, start: int, end: int) -> None:
        """The next token."""
        if self._too_deep_at >= 0:
            self._skip(kind, end)
        elif kind == scan.KEY:
            self._take_key(start, end)
        elif kind == scan.STRING:
            self._place(self._string(start, end))
        elif kind == scan.NUMBER:
            self._place(self._number(self._text[start:end]))
        elif kind == scan.WORD:
            self._place(self._word(self._text[start:end]))
        elif kind in "{[":
            self._begin(kind, start)
        else:
            self._finish()

    def _begin(self, kind: str, start: int) -> None:
        if len(self._open) == MAX_DEPTH:
            self._too_deep_at = start
            self._below = 1
            self._report(
                "too_deep",
                Severity.ERROR,
                "The body is nested deeper than {depth} levels; what is deeper was kept as text.",
                depth=MAX_DEPTH,
            )
            return
        made: dict[str, object] | list[object] = {} if kind == "{" else []
        self._place(made)
        self._open.append(made)
        self._keys.append("")
        self._repeats.append({})

    def _finish(self) -> None:
        repeats = self._repeats.pop()
        here = self._path()[:-1] if repeats else ()
        self._open.pop()
        self._keys.pop()
        for key, count in repeats.items():
            self._findings.add(
                "duplicate_key",
                Severity.WARNING,
                (*here, key),
                "{path} stands {count} in the same object; the last one was taken.",
                count="twice" if count == 2 else f"{count} times",
            )

    def _skip(self, kind: str, end: int) -> None:
        if kind in "{[":
            self._below += 1
        elif kind in "}]":
            self._below -= 1
        if not self._below:
            self._place(Verbatim(self._text[self._too_deep_at : end]))
            self._too_deep_at = -1

    def _take_key(self, start: int, end: int) -> None:
        key = scan.string_value(self._text, start, end)
        self._keys[-1] = key
        inside = self._open[-1]
        if key in inside:
            repeats = self._repeats[-1]
            repeats[key] = repeats.get(key, 1) + 1
        if self._may_have_surrogates and has_lone_surrogate(key):
            self._report(
                "lone_surrogate",
                Severity.WARNING,
                "The key {path} holds half of a surrogate pair, which is no character.",
            )

    def _string(self, start: int, end: int) -> str:
        made = scan.string_value(self._text, start, end)
        if self._may_have_surrogates and has_lone_surrogate(made):
            self._report(
                "lone_surrogate",
                Severity.WARNING,
                "{path} holds half of a surrogate pair, which is no character.",
            )
        return made

    def _number(self, literal: str) -> int | float | Verbatim:
        if literal.lstrip("-").isdigit():
            if len(literal) <= 18:
                return int(literal)
            if len(literal) <= MAX_INT_DIGITS:
                made = int(literal)
                if made in INT64:
                    return made
                self._report(
                    "number_too_large",
                    Severity.WARNING,
                    "{path} is a whole number that does not fit in 64 bits.",
                )
                return made
            self._report(
                "number_too_large",
                Severity.WARNING,
                "{path} is a whole number of {count} digits, far beyond 64 bits.",
                count=len(literal.lstrip("-")),
            )
            return Verbatim(literal)
        decimal = float(literal)
        if math.isinf(decimal):
            self._report(
                "number_too_large",
                Severity.WARNING,
                "{path} is a number beyond what a double can hold (about 1.8e308).",
            )
            return Verbatim(literal)
        return decimal

    def _word(self, literal: str) -> object:
        if literal in scan.NOT_JSON_WORDS:
            self._report(
                "not_a_number", Severity.ERROR, "{path} is {word}, which JSON does not have.", word=literal
            )
            return float(literal)
        return {"true": True, "false": False, "null": None}[literal]

    def _place(self, value: object) -> None:
        if not self._open:
            self.root = value
            return
        inside = self._open[-1]
        if isinstance(inside, dict):
            inside[self._keys[-1]] = value
        else:
            inside.append(value)

    def _path(self) -> Path:
        """The path of the value that is placed next."""
        # Open containers stand in their parents already, so only the innermost list has its next index free.
        steps = [
            key if isinstance(inside, dict) else len(inside) - 1
            for inside, key in zip(self._open, self._keys, strict=True)
        ]
        if self._open and isinstance(self._open[-1], list):
            steps[-1] = len(self._open[-1])
        return (*self._at, *steps)

    def _report(self, code: str, severity: Severity, message: str, **words: object) -> None:
        self._findings.add(code, severity, self._path(), message, **words)
