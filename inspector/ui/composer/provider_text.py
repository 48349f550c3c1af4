"""A body made ready for the provider view: the request's texts, and where in the body's text something is other than in
the push. Runs in the worker's thread; pure, imports the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.contract.faults import JsonSyntaxError
from inspector.contract.outline import descend, outline
from inspector.contract.paths import format_path

if TYPE_CHECKING:
    from inspector.contract.sent_on.model import Change, SentOn

LONGEST_LINE = 8192
"""Characters of a line that are shown: Qt shapes a line as a whole. What is copied is never cut."""

MOST_LINES = 2000
"""Lines that are shown: a hundred times what any provider takes need not be read, and costs each pause in typing."""


@dataclass(frozen=True, slots=True)
class Place:
    """One change with its place in the shown text: offset and length in characters and line from 1; all 0 where it has
    none. `origin` is the path in the push, empty where it comes from nowhere."""

    change: Change
    origin: str = ""
    start: int = 0
    length: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class ProviderShown:
    """What the view shows. `request` is None where there is none, `is_json` then tells whether the body is JSON."""

    is_json: bool
    request: SentOn | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    places: tuple[Place, ...] = field(default=(), repr=False)
    whole: str = field(default="", repr=False)
    body: str = field(default="", repr=False)
    curl: str = field(default="", repr=False)


def show_provider(raw: bytes, *, reveal: bool) -> ProviderShown:
    """Build the request of a body, and all texts that belong to it."""
    # Slow to import, and this runs in the worker.
    from inspector.contract.parse import parse
    from inspector.contract.sent_on.request import curl_command, request_text, sent_on

    push = parse(raw)
    request = sent_on(push, reveal=reveal)
    if request is None:
        return ProviderShown(push.is_json)
    body = request.body
    lines = [_cut(line) for line in body.split("\n")]
    places = _places("\n".join(lines), request.changes)
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"… and {len(lines) - MOST_LINES:,} more lines; what is copied has them all"]
        places = tuple(
            place if place.line <= MOST_LINES else Place(place.change, place.origin) for place in places
        )
    return ProviderShown(
        True,
        request,
        "\n".join(lines),
        places,
        request_text(request),
        body,
        curl_command(request),
    )


def _cut(line: str) -> str:
    """A line that ends in a string stays JSON when it is cut."""
    if len(line) <= LONGEST_LINE:
        return line
    tail = '",' if line.endswith(",") else '"'
    return f"{line[:LONGEST_LINE].rstrip(chr(92))}… ({len(line) - LONGEST_LINE:,} more characters){tail}"


def _places(text: str, changes: tuple[Change, ...]) -> tuple[Place, ...]:
    try:
        root = outline(text)
    except JsonSyntaxError:
        root = None
    found = []
    for change in changes:
        origin = format_path(change.origin)
        if root is not None and change.path:
            node, depth = descend(root, change.path)
            if depth == len(change.path):
                start = node.key_start
                line = text.count("\n", 0, start) + 1
                found.append(Place(change, origin, start, node.end - start, line))
                continue
        found.append(Place(change, origin))
    return tuple(found)
