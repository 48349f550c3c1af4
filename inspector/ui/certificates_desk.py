"""What joins the page of certificates, the warnings of those that end, and the lock of an idle vault to the window.

Imports PySide6 and the window’s parts; the page’s own room only when it is first needed, as X.509 is slow to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from inspector.ui.expiry_watch import ExpiryWatch
from inspector.ui.idle_locking import IdleLocking

if TYPE_CHECKING:
    from inspector.ui.certificates.page import CertificatesPage
    from inspector.ui.main_window import MainWindow
    from inspector.ui.settings import Settings


class CertificatesDesk(QObject):
    """Belongs to the window."""

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._page: CertificatesPage | None = None
        self.expiry = ExpiryWatch(
            window.workbench, window.worker, settings, window.status_line.chips, window.theme, self
        )
        self.idle_locking = IdleLocking(window.workbench, window.worker, self)
        self.expiry.wanted.connect(self.show)
        self.idle_locking.locked.connect(window.status_line.say)

    @property
    def page(self) -> CertificatesPage:
        """The page: made when first needed, after the window stands."""
        if self._page is None:
            from inspector.ui.certificates.page import CertificatesPage

            window = self._window
            self._page = CertificatesPage(window.workbench, window.worker, window.theme, window)
            self._page.desk.notify_with(self.expiry)
            window.pages.addWidget(self._page)
            self._page.changed.connect(window.identities_changed)
            self._page.message.connect(window.status_line.say)
        return self._page

    def begin(self) -> None:
        """Look from now on at what ends, and at whether the vault is idle."""
        self.expiry.look()
        self.idle_locking.begin()

    def refresh(self) -> None:
        """The vault has changed."""
        if self._page is not None:
            self._page.refresh()
        self.expiry.look()

    @Slot(str)
    def show(self, name: str) -> None:
        """Show one certificate, in front of everything else."""
        window = self._window
        window.show_certificates()
        self.page.look_at(name)
        if not window.isActiveWindow():  # the desktop's notification was clicked
            window.raise_()
            window.activateWindow()

    def close(self) -> None:
        """Stop what is under way."""
        self.expiry.close()
        self.idle_locking.close()
        if self._page is not None:
            self._page.close_down()
