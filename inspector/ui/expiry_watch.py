"""Certificates that end soon: a mark in the status line, and a notification of the desktop, once at each level.

Imports PySide6, the settings and the window’s parts; the certificates room lazily, in the worker’s thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from inspector.ui import icons
from inspector.ui.desktop_notice import DesktopNotice
from inspector.ui.status_chips import Chip

if TYPE_CHECKING:
    from inspector.certificates.expiry import Ending
    from inspector.ui.settings import Settings
    from inspector.ui.status_chips import StatusChips
    from inspector.ui.theme import Theme
    from inspector.ui.worker import Worker
    from inspector.workbench import Workbench

LANE = "expiry"
CHIP = "expiry"
_HOUR = 3_600_000
_NOTIFY = "certificates/notify_expiry"
_TOLD = "expiry_told"
_MOST_LINES = 8


class ExpiryWatch(QObject):
    """Looks at the start, every hour, and whenever it is asked to. `wanted` brings the name of the certificate that a
    click on the mark or the notification is about."""

    wanted = Signal(str)

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        settings: Settings,
        chips: StatusChips,
        theme: Theme,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._settings = settings
        self._chips = chips
        self._found: tuple[Ending, ...] = ()
        self.notice = DesktopNotice(icons.icon("certificate", theme.colors.text), self)
        self.notice.taken.connect(self._taken)
        self.tell: Callable[[str, str], bool] = self.notice.show
        chips.chosen.connect(self._chosen)
        self._timer = QTimer(self, interval=_HOUR)
        self._timer.timeout.connect(self.look)

    @property
    def found(self) -> tuple[Ending, ...]:
        """Those that end soon, the first to end first."""
        return self._found

    @property
    def notifies(self) -> bool:
        """Whether the desktop is told."""
        return self._settings.flag(_NOTIFY, default=True)

    def set_notifies(self, *, wanted: bool) -> None:
        """Tell the desktop from now on, or no longer."""
        self._settings.put(_NOTIFY, wanted)
        self._settings.save()

    @Slot()
    def look(self) -> None:
        """Look at the vault’s certificates, in the background. Asks for no passphrase."""
        workbench = self._workbench
        if not self._timer.isActive():
            self._timer.start()

        def job() -> tuple[Ending, ...]:
            from inspector.certificates.expiry import endings

            return endings(workbench.vault.entries()) if workbench.home.vault_file.exists() else ()

        self._worker.submit(LANE, job, self._show, self._could_not)

    def close(self) -> None:
        """Look no more, and leave the tray."""
        self._timer.stop()
        self.notice.close()

    def _show(self, found: tuple[Ending, ...]) -> None:
        self._found = found
        self._chips.put(CHIP, _chip(found) if found else None)
        self._tell_desktop(found)

    def _could_not(self, _error: BaseException) -> None:
        """A damaged vault is told by the certificates page and by the window."""
        self._chips.put(CHIP, None)

    def _tell_desktop(self, found: tuple[Ending, ...]) -> None:
        from inspector.certificates.expiry import news

        told = {key: int(level) for key, level in self._settings.texts(_TOLD).items() if level.isdigit()}
        fresh = news(found, told)
        if not fresh or not self.notifies or not self.tell(_title(fresh), _lines(fresh)):
            return
        known = {one.fingerprint: str(told.get(one.fingerprint, one.level)) for one in found}
        known |= {one.fingerprint: str(one.level) for one in fresh}
        self._settings.put_texts(_TOLD, known)
        self._settings.save()

    @Slot(str)
    def _chosen(self, key: str) -> None:
        if key == CHIP:
            self._taken()

    @Slot()
    def _taken(self) -> None:
        if self._found:
            self.wanted.emit(self._found[0].name)


def _title(found: tuple[Ending, ...]) -> str:
    if len(found) == 1:
        return f"{found[0].name} {found[0].words}"
    return f"{len(found)} certificates end soon or have ended"


def _lines(found: tuple[Ending, ...]) -> str:
    lines = [f"{one.name} {one.words}" for one in found[:_MOST_LINES]]
    if more := len(found) - len(lines):
        lines.append(f"and {more} more")
    return "\n".join(lines)


def _chip(found: tuple[Ending, ...]) -> Chip:
    first = found[0]
    short = first.name if len(found) == 1 else f"{len(found)} certificates"
    return Chip(_title(found), short, f"{_lines(found)}\nA click shows it.", "warn")
