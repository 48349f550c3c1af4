"""The log file of a home: where tracebacks go, so that people see one line. Imports home only.

Nothing secret is ever passed to a logger: no key, passphrase, token or Authorization value.
"""

from __future__ import annotations

import logging
import os
import threading
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from inspector.home import Home

if TYPE_CHECKING:
    from types import TracebackType

_LARGEST = 1_000_000
_log = logging.getLogger("inspector")


class _Tolerant(RotatingFileHandler):
    """A log file that is lost (deleted, a full disk) is no reason to write tracebacks anywhere else."""

    def handleError(self, _record: logging.LogRecord) -> None:
        return


def set_up(home: Home) -> None:
    """Log this process to the home's log file (0600); a home that can't be written logs nowhere."""
    if any(isinstance(handler, RotatingFileHandler) for handler in _log.handlers):
        return
    try:
        home.create()
        os.close(os.open(home.log_file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        handler = _Tolerant(home.log_file, maxBytes=_LARGEST, backupCount=2, encoding="utf-8", delay=True)
    except Exception:  # noqa: BLE001 - a log that can't be written must not keep the program from its work
        _log.addHandler(logging.NullHandler())
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    _log.propagate = False
    threading.excepthook = _log_thread


def tear_down() -> None:
    """Close the log file."""
    for handler in list(_log.handlers):
        _log.removeHandler(handler)
        handler.close()
    _log.propagate = True
    threading.excepthook = threading.__excepthook__


def unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what nobody expected, with its traceback."""
    _log.critical("unexpected error", exc_info=(kind, error, trace))


def _log_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        unexpected(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
