"""Who writes a history for long: one process at a time. Imports the standard library and `inspector.errors`.

A window that shows a history and a `listen` that fills it hold its lease for as long as they run; a second one can only
read along. Short writes (a push that `send` keeps, a note, an import) are one transaction each and take their turn
by SQLite's own lock; they need no lease.

The lease is a lock on a small file beside the history, which the operating system takes away from a process that dies.
The file says who holds it, for people; what counts is the lock.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from inspector.errors import HistoryError

HELD = "held"  # the code of the error for a history that another process writes
_LONGEST = 4096
_TRIES, _PAUSE_SECONDS = 5, 0.01
# On Windows a locked region can't be read, so it lies behind what the file says.
_LOCKED_AT = 1 << 20


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that writes. `what` it is: `window` or `listen`; empty, and `pid` 0, where that is not known."""

    pid: int = 0
    what: str = ""

    @property
    def words(self) -> str:
        """For people."""
        return f"process {self.pid} ({self.what})" if self.pid else "another process"


class Lease:
    """The lease of one history, held until `release`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, history: Path, what: str) -> Lease:
        """Take it. Raises HistoryError (code HELD) where another process holds it, or where there is no room for the
        file."""
        path = _path(history)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise HistoryError(
                f"Can't make {path.name} beside the history: {error.strerror or error}.",
                "Allow writing to its folder, or name another home with --home DIR.",
            ) from error
        if not _lock_soon(descriptor):
            os.close(descriptor)
            raise held(history, holder(history) or Holder())
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, json.dumps({"pid": os.getpid(), "what": what}).encode())
        except OSError:
            pass  # a full disk: the lock holds all the same, it is only not said whose it is
        return cls(descriptor)

    def release(self) -> None:
        """Let another process have it. Releasing twice is harmless."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def held(history: Path, by: Holder) -> HistoryError:
    """The error that says who writes."""
    return HistoryError(
        f"The history {history} is written by {by.words}; there is one writer at a time.",
        "Stop that one first, begin a new file (push-inspector history new), or name another home with --home DIR.",
        code=HELD,
    )


def holder(history: Path) -> Holder | None:
    """Who holds the lease of a history now, this process included; None where nobody does."""
    try:
        descriptor = os.open(_path(history), os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return None
    try:
        if _lock(descriptor):
            return None  # and closing gives it back
        said = json.loads(os.read(descriptor, _LONGEST) or b"{}")
        return Holder(int(said.get("pid", 0)), str(said.get("what", "")))
    except (OSError, ValueError, AttributeError, TypeError):
        return Holder()
    finally:
        os.close(descriptor)


def _lock_soon(descriptor: int) -> bool:
    """Somebody may just look whose it is, which takes no time."""
    for _ in range(_TRIES):
        if _lock(descriptor):
            return True
        time.sleep(_PAUSE_SECONDS)
    return False


def _path(history: Path) -> Path:
    real = history.resolve()
    return real.with_name(f"{real.name}-writer")


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        """Whether the file could be locked."""
        os.lseek(descriptor, _LOCKED_AT, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        """Whether the file could be locked."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
