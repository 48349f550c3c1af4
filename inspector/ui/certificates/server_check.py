"""A server looked at from here: its chain, its names, how long it lasts, which clients it asks for.

Imports PySide6, the workbench and the view of connection checks.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.sender.request import SendRequest
from inspector.ui import icons
from inspector.ui.certificates.form_dialog import plain_label
from inspector.ui.connection_check.checking import Checked, Checking
from inspector.ui.connection_check.offers import Deed, Offer
from inspector.ui.connection_check.view import CheckView
from inspector.ui.qt_text import menu_text
from inspector.ui.theme import Theme
from inspector.workbench import Workbench

NOBODY = ""
_HINT = "The handshake alone is made: nothing is sent. Without an identity one sees which clients the server asks for."
_HERE = frozenset({Deed.TRUST, Deed.USE, Deed.ADDRESS})


class ServerCheck(QFrame):
    """`trust_wanted` brings the DER of a certificate that is to be kept in the vault; `left` asks for the list."""

    trust_wanted = Signal(object)
    left = Signal()

    def __init__(self, workbench: Workbench, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setObjectName("certificate_server_check")
        self.setAccessibleName("Check a server")
        self._theme = theme
        self.back = QPushButton("Certificates", self)
        self.back.setProperty("kind", "quiet")
        self.back.setToolTip("Back to the list (Esc)")
        self.back.clicked.connect(self.left)
        self.url = QLineEdit(self)
        self.url.setObjectName("certificate_check_url")
        self.url.setAccessibleName("Address of the server")
        self.url.setPlaceholderText("https://push.example.com:8443")
        self.url.setClearButtonEnabled(True)
        self.identity = QComboBox(self)
        self.identity.setObjectName("certificate_check_identity")
        self.identity.setAccessibleName("Identity to present")
        self.identity.setMinimumWidth(160)
        self.start = QPushButton("Check", self)
        self.start.setObjectName("certificate_check_start")
        self.start.setProperty("kind", "primary")
        self.hint = plain_label("muted", self, _HINT)
        self.view = CheckView(theme, self, deeds=_HERE)
        self.view.setObjectName("certificate_check")
        self.checking = Checking(workbench, self)
        self._lay_out()
        self._connect()
        self.show_identities(())

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.url, 1)
        row.addWidget(self.identity)
        row.addWidget(self.start)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.view)
        self._scroll.hide()
        self.hint.setContentsMargins(12, 0, 12, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.hint, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._scroll, 1)
        column.addStretch()

    def _connect(self) -> None:
        self.start.clicked.connect(self.toggle)
        self.url.returnPressed.connect(self.check)
        self.url.textChanged.connect(self._update)
        self.checking.checked.connect(self._checked)
        self.checking.failed.connect(self._failed)
        self.checking.ended.connect(self._update)
        self.view.offer_taken.connect(self._do)
        self._theme.changed.connect(self._update)
        self._update()

    def show_identities(self, names: Sequence[str]) -> None:
        """The identities that may be presented; the chosen one stays."""
        chosen = self.identity.currentData() or NOBODY
        self.identity.clear()
        self.identity.addItem("as nobody", NOBODY)
        for name in names:
            self.identity.addItem(menu_text(f"as {name}"), name)
        self.identity.setCurrentIndex(max(0, self.identity.findData(chosen)))

    @property
    def address(self) -> str:
        """The URL to check; `https://` need not be typed."""
        typed = self.url.text().strip()
        return typed if "://" in typed or not typed else f"https://{typed}"

    @Slot()
    def toggle(self) -> None:
        """Check, or give up the check that is under way."""
        if self.checking.running:
            self.checking.cancel()
        else:
            self.check()

    @Slot()
    def check(self) -> None:
        """Look at the server."""
        if self.checking.running or not self.address:
            return
        self.checking.start(
            SendRequest(url=self.address, identity=str(self.identity.currentData() or NOBODY))
        )
        self._update()

    def close_down(self) -> None:
        """Give up what is under way."""
        self.checking.close()

    def event(self, event: QEvent) -> bool:
        # Esc goes back to the list, before the window takes it for leaving the page.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @Slot(object)
    def _checked(self, checked: Checked) -> None:
        self.view.show_check(checked)
        self._show_result()

    @Slot(object)
    def _failed(self, error: InspectorError) -> None:
        self.view.show_error(error)
        self._show_result()

    def _show_result(self) -> None:
        self.hint.hide()
        self._scroll.show()

    @Slot(object)
    def _do(self, offer: Offer) -> None:
        match offer.deed:
            case Deed.TRUST if self.view.checked is not None:
                self.trust_wanted.emit(self.view.checked.chain[int(offer.value)])
            case Deed.USE:
                self.identity.setCurrentIndex(max(0, self.identity.findData(offer.value)))
                self.check()
            case Deed.ADDRESS:
                self.url.setFocus()
                self.url.selectAll()

    @Slot()
    def _update(self) -> None:
        running = self.checking.running
        self.start.setText("Cancel" if running else "Check")
        self.start.setEnabled(running or bool(self.address))
        icons.set_on(self.back, "arrow-left", self._theme.colors.text)
