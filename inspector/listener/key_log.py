"""A file of TLS secrets for Wireshark, in the NSS key log format (SSLKEYLOGFILE). Imports the errors only.

Whoever has it reads the traffic, so it is written only where it is asked for by name (the environment's
SSLKEYLOGFILE alone does nothing here), and nobody but its owner may read it.
"""

from __future__ import annotations

import logging
import os
import stat
import weakref
from pathlib import Path

from inspector.errors import UsageError

_log = logging.getLogger(__name__)
# Not through a link, which somebody else may have put there; and without waiting for the reader of a pipe.
_FLAGS = (
    os.O_WRONLY
    | os.O_APPEND
    | os.O_CREAT
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
_NEXT_STEP = "Name a new file in a folder of your own, or turn the key log off."


class KeyLog:
    """Appends lines, each written through at once. Open from the start; closed with its last owner."""

    def __init__(self, path: Path) -> None:
        """Raises UsageError where the file can't be opened, is none, or is somebody else's."""
        self.path = path
        self._file: int | None = _open(path)
        weakref.finalize(self, os.close, self._file)

    def write(self, line: bytes) -> None:
        """Append one line. An error is told to the log, once, and ends the writing: no connection may fail of it."""
        if self._file is None:
            return
        try:
            os.write(self._file, line + b"\n")
        except OSError as error:
            self._file = None
            _log.warning("the key log %s is written no further: %s", self.path, error)


def _open(path: Path) -> int:
    try:
        if path.is_symlink():
            raise _unusable(path, "it is a link to another place")
        file = os.open(path, _FLAGS, 0o600)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _unusable(path, reason) from error
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise _unusable(path, "it is no plain file")
        if hasattr(os, "fchmod"):
            if status.st_uid != os.geteuid():
                raise _unusable(path, "it belongs to somebody else")
            if stat.S_IMODE(status.st_mode) & 0o077:
                os.fchmod(file, 0o600)
    except OSError as error:
        os.close(file)
        raise _unusable(path, error.strerror or str(error)) from error
    except UsageError:
        os.close(file)
        raise
    return file


def _unusable(path: Path, why: str) -> UsageError:
    shown = "".join(character if character.isprintable() else "?" for character in str(path))
    return UsageError(f"TLS secrets can't be written to {shown}: {why}.", _NEXT_STEP)
