"""Files to be read as certificates: their bytes, bounded, and their names as messages show them.

Imports the standard library and, of the package, `inspector.errors` and the certificates' blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inspector.certificates.blocks import EXPECTED
from inspector.errors import CertificateError

MOST_BYTES = 8 * 1024 * 1024  # a bundle of all public roots is a quarter of one megabyte


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name, for messages, and its bytes."""

    name: str
    data: bytes = field(repr=False)


def sources_of(paths: Sequence[Path]) -> list[Source]:
    """The files with their bytes. Raises CertificateError for one that can't be read."""
    return [Source(_shown(path), _bytes(path)) for path in paths]


def _shown(path: Path) -> str:
    """A path for a message of one line, whatever the file is called."""
    return "".join(character if character.isprintable() else "?" for character in str(path))


def _bytes(path: Path) -> bytes:
    shown = _shown(path)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise CertificateError(f"{shown} doesn't exist.", "Check the path.", code="not_found") from error
    except IsADirectoryError as error:
        raise _folder(shown) from error
    except (OSError, ValueError) as error:
        if path.is_dir():  # Windows says "permission denied" of a folder
            raise _folder(shown) from error
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CertificateError(
            f"{shown} can't be read: {reason}.", "Check its owner and its permissions.", code="unreadable"
        ) from error
    if len(data) > MOST_BYTES:
        raise CertificateError(f"{shown} is too large for a certificate.", EXPECTED, code="too_large")
    return data


def _folder(shown: str) -> CertificateError:
    return CertificateError(f"{shown} is a folder.", "Name the files in it.", code="is_directory")
