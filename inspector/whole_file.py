"""Files that are whole or not there: a new file takes its name only once all of it is on disk.

Imports the standard library only. Nothing written here is ever readable by others while it is made.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

_POLL_SECONDS = 0.02
_BUFFER_BYTES = 1024 * 1024
_T = TypeVar("_T")


@contextmanager
def begun(path: Path, *, mode: int = 0o600, over: bool = True) -> Iterator[BinaryIO]:
    """A file to be written that becomes `path` at the end of the block; by any exception in it nothing is left.
    Without `over` never in the place of a file that is there: FileExistsError. Raises OSError."""
    import secrets  # takes a millisecond, and a start writes nothing

    temporary = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:  # from here on: Ctrl+C may come right after the file is made
        descriptor = os.open(temporary, flags, mode)
        with os.fdopen(descriptor, "wb", buffering=_BUFFER_BYTES) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not over:
            _require_free(path)
        patiently(lambda: temporary.replace(path))
    except BaseException:
        with suppress(OSError):  # not there, or in a folder that can't be written
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the new name itself durable. Not every file system can, and Windows has no such thing."""
    if sys.platform != "win32":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def patiently(act: Callable[[], _T]) -> _T:
    """Windows refuses for a moment while another process has the file open; elsewhere the first try counts."""
    for _ in range(50 if sys.platform == "win32" else 0):
        try:
            return act()
        except PermissionError:
            time.sleep(_POLL_SECONDS)
    return act()


def _require_free(path: Path) -> None:
    if os.path.lexists(path):
        raise FileExistsError(17, os.strerror(17), str(path))
