"""What the page of runs asks of the window around it. Pure; imports the words for sending."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.sender.request import SendRequest

if TYPE_CHECKING:
    from inspector.history.ordering import Order
    from inspector.history.query import Query


@dataclass(frozen=True, slots=True)
class ComposerBody:
    """What the composer holds: in a few words, its size, and the bytes of push n."""

    title: str
    size: int
    body_for: Callable[[int], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the table shows: what is filtered by (None for nothing), in which order (None: as it came), how many rows
    there are so far, and the filter's text."""

    query: Query | None
    order: Order | None
    rows: int
    text: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`composer_request` raises UsageError where the composer's target is none. `selected` are the ids of the selected
    rows, from the top."""

    composer_request: Callable[[], SendRequest]
    composer_body: Callable[[], ComposerBody]
    selected: Callable[[], array[int]]
    filtered: Callable[[], Filtered]


def filtered_title(shown: Filtered) -> str:
    """What is sent of what the table shows, in a few words. The filter itself is not among them: it may hold a device
    token, and a summary is passed on to others."""
    return "What the filter shows" if shown.query is not None else "All pushes of the history"
