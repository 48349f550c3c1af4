"""The one error tree. Imports nothing of the package.

InspectorError                exit code, one line for people, the next step
├── UsageError           2    what was asked for can't be done as asked
│   ├── CertificateError 2    a certificate or key file that can't be used as asked
│   ├── QueryError       2    a filter that can't be read; carries the place
│   └── ListenError      2    the address can't be listened on
├── ConnectError         3    the other side was not reached, or TLS failed
└── StateError           4    the program's own state is damaged, locked or too new
    ├── HistoryError     4
    └── VaultError       4
"""

from __future__ import annotations


class InspectorError(Exception):
    """Something that went wrong and that a person can act on.

    `message` names the cause in one line, `next_step` says what to do; neither ever holds a secret. `code` is a stable
    name for tests and the window, where one of them has to tell this error from others; mostly there is none.
    `exit_code` is the command's exit code (interface: 0 done, 1 failed check, 2 use, 3 connection, 4 state).
    """

    exit_code = 1

    def __init__(self, message: str, next_step: str = "", *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.code = code

    def __str__(self) -> str:
        return f"{self.message}\n{self.next_step}" if self.next_step else self.message


class UsageError(InspectorError):
    """What was asked for can't be done as asked."""

    exit_code = 2


class CertificateError(UsageError):
    """A certificate or key that can't be used as asked. Each has a code."""

    def __init__(self, message: str, next_step: str = "", *, code: str = "invalid") -> None:
        super().__init__(message, next_step, code=code)


class QueryError(UsageError):
    """A filter that can't be read. `start` and `end` are character offsets of the faulty part."""

    def __init__(self, message: str, next_step: str = "", *, start: int = 0, end: int = 0) -> None:
        super().__init__(message, next_step)
        self.start = start
        self.end = end


class ListenError(UsageError):
    """The address can't be listened on (taken, not permitted, not ours)."""


class ConnectError(InspectorError):
    """The other side was not reached, or the TLS handshake failed."""

    exit_code = 3


class StateError(InspectorError):
    """The program's own state is damaged, locked or from a newer version. It is never overwritten."""

    exit_code = 4


class HistoryError(StateError):
    """The history file can't be used."""


class VaultError(StateError):
    """The vault of identities can't be opened or read."""
