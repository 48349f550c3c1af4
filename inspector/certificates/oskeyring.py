"""The operating system's keyring: one secret a vault, or a plain "not available" - whatever the keyring does.

Imports keyring, lazily, as it takes a tenth of a second; and the standard library.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SWITCH = "PUSH_INSPECTOR_NO_KEYRING"
_SERVICE = "push-inspector"
# A locked keyring may show a window and wait for its own password; it may also wait for ever where there is no screen.
PROBE_SECONDS = 10.0
UNLOCK_SECONDS = 60.0

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


def switched_off() -> bool:
    """Whether the environment forbids the keyring (PUSH_INSPECTOR_NO_KEYRING set, and not to 0)."""
    return os.environ.get(SWITCH, "0") not in ("", "0")


def load(account: str) -> str | None:
    """The secret of `account`, None where there is none or no keyring that answers in time."""

    def ask() -> str | None:
        backend = _backend()
        return backend.get_password(_SERVICE, account) if backend else None

    return _guarded(ask, UNLOCK_SECONDS)


def store(account: str, secret: str) -> bool:
    """Keep `secret` and read it back; False where there is no keyring that does so in time."""

    def put() -> bool:
        backend = _backend()
        if backend is None:
            return False
        backend.set_password(_SERVICE, account, secret)
        return backend.get_password(_SERVICE, account) == secret

    return _guarded(put, PROBE_SECONDS) or False


def delete(account: str) -> None:
    """Forget the secret of `account`, where that is possible."""

    def remove() -> None:
        backend = _backend()
        if backend is not None:
            backend.delete_password(_SERVICE, account)

    _guarded(remove, PROBE_SECONDS)


def _backend() -> KeyringBackend | None:
    """The keyring, if it is one that keeps secrets as an operating system does: neither the stand-ins that fail or
    forget, nor a plain file (keyring's own mark for those is a priority below 1)."""
    import keyring
    from keyring.backends import fail, null

    backend = keyring.get_keyring()
    if isinstance(backend, (fail.Keyring, null.Keyring)) or backend.priority < 1:
        return None
    return backend


def _guarded(act: Callable[[], _T], seconds: float) -> _T | None:
    """The result of `act`, None where it raises or takes longer. It runs in a thread of its own, which is left behind
    if it hangs: there is no way to stop a call into the system's keyring."""
    results: list[_T] = []

    def run() -> None:
        try:
            results.append(act())
        except Exception as error:  # noqa: BLE001 - backends raise whatever their system does
            _log.info("the OS keyring is not available: %s", type(error).__name__)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(seconds)
    return results[0] if results else None
