"""Files that are whole or not there: atomic writes, and a lock among processes.

Imports `inspector.whole_file` and `inspector.errors`. Nothing written here is ever readable by others while it is made.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inspector.errors import VaultError
from inspector.whole_file import patiently, sync_folder

LOCK_SECONDS = 30.0
_POLL_SECONDS = 0.02


def write_whole(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write `data` so that `path` always is either the old or the new file, also after a crash or a power cut.
    Callers that may write the same path at once hold a lock. Raises OSError."""
    temporary = _write_beside(path, data, mode)
    try:
        patiently(lambda: temporary.replace(path))
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_new(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """As `write_whole`, but never over a file that is there: FileExistsError. Raises OSError."""
    temporary = _write_beside(path, data, mode)
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(17, os.strerror(17), str(path)) from None
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path` against other processes and other holders in this one. Raises VaultError where it
    stays taken for half a minute, or can't be made."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError as error:
        raise VaultError(
            f"Can't make the lock file {path}: {error.strerror or error}.",
            "Check the folder's owner and permissions.",
        ) from error
    try:
        _wait_for(descriptor, path)
        try:
            yield
        finally:
            _unlock(descriptor)
    finally:
        os.close(descriptor)


def read_whole(path: Path) -> bytes:
    """The file's bytes. Raises OSError."""
    return patiently(path.read_bytes)


def _write_beside(path: Path, data: bytes, mode: int) -> Path:
    """`data` on disk in a temporary file in the same folder, made anew so that its mode is ours."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _wait_for(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while not _lock_once(descriptor, path):
        if time.monotonic() > deadline:
            raise VaultError(
                f"Another process holds {path}.", "Close the other Push Inspector, or wait until it is done."
            )
        time.sleep(_POLL_SECONDS)


def _lock_once(descriptor: int, path: Path) -> bool:
    try:
        return _try_lock(descriptor)
    except OSError as error:  # some network file systems have no locks
        raise VaultError(
            f"{path} can't be locked: {error.strerror or error}.",
            "Put the home on a local disk (--home DIR).",
        ) from error


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
