"""The words for a request that is sent on to a provider, and for what became of the push in it. Pure; imports the
contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from inspector.contract.anatomy import JsonObject
from inspector.contract.compact import compact
from inspector.contract.masking import mask_body
from inspector.contract.paths import Path
from inspector.contract.push import Service
from inspector.contract.text import pretty


class Kind(StrEnum):
    """What became of a part of the push."""

    COPIED = "copied"
    TEXT = "turned into text"
    LEFT_OUT = "left out"
    ADDED = "added"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between the push and what is sent on. `origin` is where it stands in the push, `path` where in the
    body that is sent on; `header` names the header where it is one. Each is empty where it does not apply."""

    kind: Kind
    words: str
    origin: Path = ()
    path: Path = ()
    header: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the request. `placeholder` is whether the value stands for something that only the proxy knows;
    `words` say where the value comes from."""

    name: str
    value: str = field(repr=False)
    words: str = ""
    placeholder: bool = False


@dataclass(frozen=True, slots=True)
class SentOn:
    """A request to a provider. `size` is in bytes as this provider counts them and `limit` is the most it takes;
    `measured` says what is counted. Device tokens are masked in `url` and in the bodies' texts unless `revealed`; in
    `document` only the one that the push is for."""

    service: Service
    url: str = field(repr=False)
    headers: tuple[Header, ...] = field(repr=False)
    document: JsonObject = field(repr=False)
    changes: tuple[Change, ...]
    size: int
    limit: int
    measured: str
    revealed: bool = False

    @property
    def method(self) -> str:
        """The HTTP method; every provider has the same."""
        return "POST"

    @property
    def body(self) -> str:
        """The body laid out for reading."""
        return self._shown(pretty(self.document))

    @property
    def compact_body(self) -> str:
        """The body as a program sends it."""
        return self._shown(compact(self.document))

    def _shown(self, text: str) -> str:
        # A token may stand anywhere in what the proxy passes on.
        return text if self.revealed else mask_body(text.encode()).decode()
