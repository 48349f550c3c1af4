"""A keyring in memory that can be told to misbehave."""

from __future__ import annotations

import threading

from jaraco.classes import properties
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Keeps secrets in a dict. `locked` raises on every call, `hanging` waits for `release`, `forgetful` keeps
    nothing."""

    @properties.classproperty
    def priority(self) -> float:
        return 1

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}
        self.calls = 0
        self.locked = False
        self.hanging = False
        self.forgetful = False
        self.release = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self._misbehave()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._misbehave()
        if not self.forgetful:
            self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._misbehave()
        if (service, username) not in self.secrets:
            raise PasswordDeleteError("not there")
        del self.secrets[service, username]

    def _misbehave(self) -> None:
        self.calls += 1
        if self.hanging:
            self.release.wait()
        if self.locked:
            raise KeyringLocked("locked")
