"""The stand-in for a JSON value that Python can't hold as it was written. Pure; imports nothing of the package."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A JSON value kept as its text, so that nothing of it is lost.

    Found in a decoded document in two places only: for a number that no Python number can hold as written (an int
    of more than 640 digits, `1e999`), and for whatever is nested deeper than `build.MAX_DEPTH`.
    """

    text: str

    @property
    def is_number(self) -> bool:
        """Whether it is a number (else it is an object or a list)."""
        return self.text[:1] not in ("{", "[")

    def __str__(self) -> str:
        return self.text
