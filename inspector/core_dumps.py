"""What a crash must not write to disk: this process's memory, where keys and passphrases are. Standard library only.

Linux: no core file by the resource limit, and not "dumpable", so that a program that cores are piped to gets none
either and no other process of the same user reads the memory (prctl(2)). macOS: the limit. Windows: error reports
without the heap (WerSetFlags).
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from functools import cache

_PR_SET_DUMPABLE = 4
_WER_FAULT_REPORTING_FLAG_NOHEAP = 1
_log = logging.getLogger(__name__)


@cache
def forbid() -> bool:
    """Have no core dump made of this process from now on; whether the system took that. Once a process."""
    if sys.platform == "win32":
        import ctypes

        with suppress(OSError, AttributeError):
            return ctypes.windll.kernel32.WerSetFlags(_WER_FAULT_REPORTING_FLAG_NOHEAP) == 0
        return False
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    except (OSError, ValueError) as error:
        _log.warning("core dumps can't be limited: %s", error)
        return False
    return sys.platform != "linux" or _not_dumpable()


def _not_dumpable() -> bool:
    import ctypes

    try:
        return int(ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)) == 0
    except (OSError, AttributeError) as error:  # a libc of another kind
        _log.warning("this process stays dumpable: %s", error)
        return False
