"""Everything there is to begin with: the templates and one's own payloads, together and searched. Imports the sender's
templates, the contract, its own room and errors."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from inspector.contract.push import Service
from inspector.errors import UsageError
from inspector.sender.kept.payload import Payload
from inspector.sender.kept.payloads import Payloads
from inspector.sender.templates import all_templates, find, names

OWN = "own:"
"""Before a payload's name, where a template has the same one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A template or an own payload. `source` is what `send` takes. `problem` is one line, empty where all is well."""

    name: str
    title: str
    service: Service
    description: str
    tags: tuple[str, ...]
    unconfirmed: bool
    own: bool
    problem: str
    size: int
    body: bytes = field(repr=False)

    @property
    def source(self) -> str:
        return f"{OWN}{self.name}" if self.own and self.name in names() else self.name


def open_payloads(payloads: Payloads | None) -> tuple[Entry, ...]:
    """All entries: one's own by title, then the templates in their order. Reads the disk."""
    own = tuple(_own(payload) for payload in payloads.list()) if payloads is not None else ()
    return (*own, *templates())


def templates() -> tuple[Entry, ...]:
    """The templates as entries."""
    return tuple(
        Entry(
            name=one.name,
            title=one.title,
            service=one.service,
            description=one.description,
            tags=one.tags,
            unconfirmed=one.unconfirmed,
            own=False,
            problem="",
            size=len(one.body),
            body=one.body,
        )
        for one in all_templates()
    )


def search(entries: Iterable[Entry], words: str) -> tuple[Entry, ...]:
    """Those in which every word is found: in title, tags, name, service, description or text; first those that have all
    of them elsewhere than in their text."""
    wanted = [_folded(word) for word in words.split()]
    found: list[tuple[bool, Entry]] = []
    for entry in entries:
        label = "unknown" if entry.service is Service.UNKNOWN else entry.service.label
        parts = (entry.title, *entry.tags, entry.name, entry.service.value, label, entry.description)
        head = _folded(
            "\n".join((*parts, "own" if entry.own else "built-in", "unconfirmed" * entry.unconfirmed))
        )
        if all(word in head for word in wanted):
            found.append((False, entry))
        elif wanted:
            text = _folded(entry.body.decode("utf-8", "replace"))
            if all(word in head or word in text for word in wanted):
                found.append((True, entry))
    return tuple(entry for _, entry in sorted(found, key=lambda pair: pair[0]))


def find_entry(source: str, payloads: Payloads) -> Entry:
    """What a source names: a template, else an own payload (`own:NAME` asks for that). Raises UsageError."""
    if not source.startswith(OWN):
        template = next((entry for entry in templates() if entry.name == source), None)
        if template is not None:
            return template
    try:
        return _own(payloads.find(source.removeprefix(OWN)))
    except UsageError as error:
        if source.startswith(OWN) or any(one.name == source for one in payloads.list()):
            raise
        try:
            find(source)
        except UsageError as unknown:
            raise UsageError(
                unknown.message.replace("template", "template or payload"), unknown.next_step
            ) from error
        raise


def _own(payload: Payload) -> Entry:
    problem = payload.problem
    if not problem and payload.name in names():
        problem = f"A template has this name, too; send takes it as {OWN}{payload.name}."
    return Entry(
        name=payload.name,
        title=payload.title,
        service=payload.service,
        description=payload.note,
        tags=payload.tags,
        unconfirmed=False,
        own=True,
        problem=problem,
        size=payload.size,
        body=payload.body,
    )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
