"""Entries that were removed from the vault, kept until the program ends so that they can be put back.

In memory only, and as they stood in the file: a key stays encrypted, so that keeping it needs no passphrase. Imports,
of the package, `inspector.errors` and the certificates' own modules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as changed

from inspector.certificates.entries import refuse_existing
from inspector.certificates.model import VaultEntry
from inspector.certificates.protection import Protection
from inspector.certificates.vaultfile import Document, Record
from inspector.errors import VaultError


@dataclass(frozen=True, slots=True)
class Removed:
    """What `Vault.remove` gives, for `Vault.restore`: the entry, and the number under which it is kept."""

    entry: VaultEntry
    number: int


@dataclass(frozen=True, slots=True)
class _Kept:
    record: Record = field(repr=False)
    place: int
    protection: Protection | None


class RemovedEntries:
    """What one vault has let go of in this process."""

    def __init__(self) -> None:
        self._kept: dict[int, _Kept] = {}
        self._next = 0

    def keep(self, document: Document, record: Record) -> Removed:
        """Keep a record of `document`, which is about to lose it."""
        self._next += 1
        place = document.records.index(record)
        self._kept[self._next] = _Kept(record, place, document.protection)
        return Removed(record.entry, self._next)

    def forget(self, removed: Removed) -> None:
        """It is back, or its removal failed."""
        self._kept.pop(removed.number, None)

    def put_back(self, document: Document, removed: Removed) -> Document:
        """The document with the entry where it was. Raises CertificateError (`exists`) where its name was taken since,
        VaultError where it was put back already or its key is under another passphrase's lock than the vault's."""
        kept = self._kept.get(removed.number)
        name = removed.entry.name
        if kept is None:
            raise VaultError(f"{name} was put back already.", "Look for it in the list.")
        refuse_existing(document, [name])
        if kept.record.key is not None and kept.protection != document.protection:
            raise VaultError(
                f"{name} can't be put back: another process has changed the vault's passphrase since.",
                "Import it again from its files.",
            )
        records = list(document.records)
        records.insert(kept.place, kept.record)
        return changed(document, records=tuple(records))

    def locked_anew(
        self, old: Protection | None, new: Protection, relock: Callable[[Record], Record]
    ) -> dict[int, _Kept]:
        """All that is under the old lock as it is to be under the new one, for `replace` once that is on disk."""
        return {
            number: changed(kept, record=relock(kept.record), protection=new)
            if kept.protection == old
            else kept
            for number, kept in self._kept.items()
        }

    def replace(self, kept: dict[int, _Kept]) -> None:
        """What `locked_anew` made is in force now."""
        self._kept = kept
