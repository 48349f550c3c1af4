"""What the target's settings are at the moment, whether or not their sheet was ever opened.

Imports PySide6, the words for sending and the saved targets' records.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from inspector.errors import UsageError
from inspector.sender.kept.targets import SavedTarget
from inspector.sender.request import KEPT, SendRequest
from inspector.ui.target_settings.differences import USUAL, settings_of


class TargetState(QObject):
    """`request` is the settings alone, without address and identity; `saved` the target they came from, if any.

    `changed` tells that the settings are others, `loaded` that they came from elsewhere than the sheet, which then is
    to show them.
    """

    changed = Signal()
    loaded = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.request = USUAL
        self.saved: SavedTarget | None = None
        self.known: tuple[SavedTarget, ...] = ()
        self.awaited = (
            ""  # the id of the target that was in use before the last end, until the targets are listed
        )
        self.settle: Callable[[], UsageError | None] = lambda: None
        """To be called before the settings count: takes what is typed and not taken yet, and says what is wrong."""

    def put(self, request: SendRequest) -> None:
        """These are the settings now, as somebody has set them in the sheet."""
        if (settings := settings_of(request)) != self.request:
            self.request = settings
            self.changed.emit()

    def load(self, request: SendRequest, saved: SavedTarget | None = None) -> None:
        """Take settings from elsewhere: a saved target, the session before."""
        self.request = settings_of(request)
        self.saved = saved
        self.awaited = ""
        self.loaded.emit()
        self.changed.emit()

    def mark_saved(self, saved: SavedTarget) -> None:
        """What is set is kept under this name now: its secrets are the vault's from here on."""
        self.load(saved.request, saved)

    def mark_renamed(self, saved: SavedTarget) -> None:
        """The target in use has another name; what was set since it was kept stays."""
        self.saved = saved
        self.changed.emit()

    def know(self, targets: tuple[SavedTarget, ...]) -> None:
        """The saved targets are these; the one in use may have another name, or be gone, and with it what the vault
        kept for it."""
        self.known = targets
        wanted = self.saved.id if self.saved is not None else self.awaited
        if wanted:
            found = next((one for one in targets if one.id == wanted), None)
            self.awaited = ""
            if found is None:
                self.load(without_kept(self.request))
                return
            if self.saved is None:
                self.load(self.request, found)
                return
            self.saved = found
        self.changed.emit()

    def whole(self, url: str, identity: str) -> SendRequest:
        """The settings with an address and an identity, ready to send with. Raises UsageError where a field of the
        sheet is not right."""
        if (fault := self.settle()) is not None:
            raise fault
        return replace(self.request, url=url, identity=identity)

    def differs_from_saved(self, url: str, identity: str) -> bool:
        """Whether what is set is not what is kept under its name."""
        if self.saved is None:
            return False
        return replace(self.request, url=url, identity=identity) != self.saved.request


def without_kept(request: SendRequest) -> SendRequest:
    """A request without the secrets that only the vault has."""

    def typed(value: str) -> str:
        return "" if value == KEPT else value

    return replace(
        request,
        basic_password=typed(request.basic_password),
        proxy_password=typed(request.proxy_password),
        headers=tuple((name, typed(value)) for name, value in request.headers),
        secrets_of="",
    )
