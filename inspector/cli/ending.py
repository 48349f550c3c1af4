"""Being told to end in the middle of something that is all or nothing. Imports the standard library only."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def tidied_up() -> Iterator[None]:
    """SIGTERM, and SIGHUP where a terminal goes away, end the block by an exception as Ctrl+C does, so that what was
    begun is taken back; by default they would end the process on the spot. Once: what is taken back is not broken off.
    For the main thread."""

    def end(number: int, _frame: FrameType | None) -> None:
        for one in _SIGNALS:
            signal.signal(one, signal.SIG_IGN)
        raise SystemExit(128 + number)

    # One that is ignored stays so: somebody said nohup.
    before = {one: found for one in _SIGNALS if (found := signal.getsignal(one)) != signal.SIG_IGN}
    for one in before:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
