"""The columns of the certificate list and the text of each cell. Pure; imports the wording only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.ui.certificates.contents import Listed
from inspector.ui.certificates.wording import common_name, day, day_and_time, few_uses, purposes
from inspector.usage import listed as listed_uses


@dataclass(frozen=True, slots=True)
class Column:
    """One column: key, title, width in pixels, the text of a cell, what it sorts by, and when it goes where there is
    no room for all of them (1 goes first, 0 never)."""

    key: str
    title: str
    width: int
    text: Callable[[Listed], str]
    sort: Callable[[Listed], str]
    hint: str
    goes: int = 0


def _name(listed: Listed) -> str:
    return listed.entry.name


def _purpose(listed: Listed) -> str:
    return purposes(listed.leaf)


def _until(listed: Listed) -> str:
    return day(listed.leaf.not_after)


def _key(listed: Listed) -> str:
    return listed.leaf.key


def _by_key(listed: Listed) -> str:
    return f"{not listed.entry.has_key} {listed.leaf.key}"


def _subject(listed: Listed) -> str:
    return common_name(listed.leaf.subject)


def _issuer(listed: Listed) -> str:
    return "itself" if listed.leaf.self_signed else common_name(listed.leaf.issuer)


def _left(listed: Listed) -> str:
    return listed.validity.short


def _trusted(listed: Listed) -> str:
    return "clients" if listed.entry.trust_clients else ""


def _used(listed: Listed) -> str:
    return few_uses(listed.uses)


COLUMNS: tuple[Column, ...] = (
    Column("name", "Name", 128, _name, lambda one: _name(one).casefold(), "Its name in the vault"),
    Column("purpose", "Use", 96, _purpose, _purpose, "What it may be used for", goes=7),
    Column("until", "Valid until", 96, _until, _until, "The last day it is valid (UTC)", goes=4),
    Column("left", "Time left", 128, _left, _until, "How long it still lasts"),
    Column("key", "Key", 122, _key, _by_key, "The kind of key, and whether the private key is here", goes=5),
    Column(
        "trusted", "Trusted for", 88, _trusted, _trusted, "Whether clients it has issued are let in", goes=3
    ),
    Column("used", "Used by", 104, _used, _used, "The targets and listeners that use it", goes=6),
    Column("subject", "Subject", 116, _subject, _subject, "Whom it names", goes=1),
    Column("issuer", "Issuer", 116, _issuer, _issuer, "Who has signed it", goes=2),
)
KEYS = tuple(column.key for column in COLUMNS)


def fitting(width: int) -> frozenset[str]:
    """The keys of the columns that there is room for in `width` pixels."""
    shown = list(COLUMNS)
    while sum(column.width for column in shown) > width and any(column.goes for column in shown):
        shown.remove(min((column for column in shown if column.goes), key=lambda column: column.goes))
    return frozenset(column.key for column in shown)


def tooltip(listed: Listed, key: str) -> str:
    """The full text behind a cell that may be cut."""
    facts, entry = listed.leaf, listed.entry
    full = {
        "subject": facts.subject,
        "issuer": facts.issuer,
        "until": day_and_time(facts.not_after),
        "left": f"{listed.validity.words.capitalize()}, until {day_and_time(facts.not_after)}",
        "key": f"{facts.key}, {'with its private key' if entry.has_key else 'without a private key'}",
        "used": f"Used by {listed_uses(listed.uses)}" if listed.uses else "Nothing uses it",
        "trusted": "Clients that it has issued are let in" if entry.trust_clients else "",
    }
    return full.get(key, COLUMNS[KEYS.index(key)].text(listed))


def spoken(listed: Listed, key: str) -> str:
    """A cell for a screen reader, where the title is not in sight."""
    if key == "key":
        return tooltip(listed, key)
    if key == "used":
        return tooltip(listed, key)
    if key == "trusted":
        return "trusted for clients" if listed.entry.trust_clients else "not trusted for clients"
    column = COLUMNS[KEYS.index(key)]
    return column.text(listed) if key in ("name", "left") else f"{column.title} {column.text(listed)}"


def searched(listed: Listed) -> str:
    """All that the search looks at, in small letters."""
    facts = listed.leaf
    return "\n".join(
        (
            *(column.text(listed) for column in COLUMNS),
            facts.subject,
            facts.issuer,
            facts.fingerprint_sha256,
            facts.serial,
            *facts.names,
            listed_uses(listed.uses),
            tooltip(listed, "key"),
        )
    ).casefold()
