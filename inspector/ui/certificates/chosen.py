"""What a person chose to be read: files, and texts that were pasted. No Qt. Imports the certificates room."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inspector.certificates.sources import Source, sources_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """Files by their paths, pasted texts with their bytes (which a repr does not show: a key may be among them)."""

    paths: tuple[Path, ...] = ()
    pasted: tuple[Source, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.paths or self.pasted)

    def sources(self) -> list[Source]:
        """All of it, read. Raises CertificateError for a file that can't be read."""
        return [*sources_of(self.paths), *self.pasted]
