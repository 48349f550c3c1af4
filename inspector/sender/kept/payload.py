"""One payload of one's own: its body, byte for byte, and what its sidecar says of it. Imports the contract and errors.

The sidecar `NAME.about.json` is made for people and for Git: keys in one order, a line for each, and what is not known
is kept.

    {"title": "…", "tags": ["…"], "note": "…"}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inspector.contract.characters import clean
from inspector.contract.push import Service
from inspector.errors import UsageError

LONGEST_TITLE = 120
LONGEST_TAG = 40
MOST_TAGS = 20
LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True)
class About:
    """What a sidecar says. `more` are the keys that are not ours. `problem` tells why a sidecar could not be read; it
    is empty where all is well or there is none."""

    title: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    more: Mapping[str, object] = field(default_factory=dict, repr=False)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """One payload. `name` is its file's name without the ending, `title` that name where the sidecar has none.
    `problem` is one line, empty where all is well. The body of a file that is too large to keep at hand is empty."""

    name: str
    title: str
    service: Service
    tags: tuple[str, ...]
    note: str
    problem: str
    size: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """A payload's two files as they were, to put them back; no `about` where there was no sidecar."""

    name: str
    body: bytes = field(repr=False)
    about: bytes | None = field(default=None, repr=False)


def read_about(data: bytes | None) -> About:
    """What a sidecar's bytes say; never raises."""
    if data is None:
        return About()
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return About(problem="Its .about.json is no JSON, so title and tags are not known.")
    if not isinstance(content, dict):
        return About(problem="Its .about.json is no JSON object, so title and tags are not known.")
    title, tags, note = content.get("title", ""), content.get("tags", []), content.get("note", "")
    right = isinstance(title, str) and isinstance(note, str) and isinstance(tags, list)
    right = right and all(isinstance(tag, str) for tag in tags)
    more = {key: value for key, value in content.items() if key not in ("title", "tags", "note")}
    if not right:
        return About(more=more, problem="Its .about.json has a title, tags or a note of a wrong type.")
    return About(clean(title), tuple(clean(tag) for tag in tags), clean(note), more)


def write_about(about: About) -> bytes:
    """A sidecar's bytes: always the same ones for the same content."""
    content = {"title": about.title, "tags": list(about.tags), "note": about.note, **about.more}
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def checked_title(title: str) -> str:
    """A title as it is kept. Raises UsageError."""
    title = " ".join(clean(title).split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise UsageError("That is no title for a payload.", f"Use 1 to {LONGEST_TITLE} characters.")
    return title


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are kept: each once, in the order given. Raises UsageError."""
    found = dict.fromkeys(" ".join(clean(tag).split()) for tag in tags)
    found.pop("", None)
    if len(found) > MOST_TAGS or any(
        len(tag) > LONGEST_TAG or not tag.isprintable() or "," in tag for tag in found
    ):
        raise UsageError(
            "These are no tags.", f"Use up to {MOST_TAGS}, each of 1 to {LONGEST_TAG} characters, no comma."
        )
    return tuple(found)


def checked_note(note: str) -> str:
    """A note as it is kept. Raises UsageError."""
    if len(note) > LONGEST_NOTE:
        raise UsageError("The note is too long.", f"Use up to {LONGEST_NOTE:,} characters.")
    return clean(note).strip()


def split_tags(text: str) -> list[str]:
    """The tags of a line in which commas separate them."""
    return [tag for tag in re.split(r"\s*,\s*", text.strip()) if tag]
