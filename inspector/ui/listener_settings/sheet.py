"""The sheet with all of the listener's settings, over the window's right side. What is right in it holds at once.

Imports this room's sections and PySide6.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.ui import icons
from inspector.ui.listener_settings.address import Address
from inspector.ui.listener_settings.admission import Admission, Allowed
from inspector.ui.listener_settings.certificate import OurCertificate
from inspector.ui.listener_settings.form import MARGIN, Faults, Section, set_property, wrapped
from inspector.ui.listener_settings.forwarding import Forwarding
from inspector.ui.listener_settings.headers import ExpectedHeaders
from inspector.ui.listener_settings.key_log import KeyLog
from inspector.ui.listener_settings.limits import Advanced
from inspector.ui.listener_settings.proxying import BehindProxy
from inspector.ui.listener_settings.vault_view import VaultView, read_vault
from inspector.ui.theme import CONTROL_HEIGHT

if TYPE_CHECKING:
    from inspector.ui.listen_switch import ListenSwitch
    from inspector.ui.main_window import MainWindow

WIDTH = 488
KEY_LOG_NAME = "tls-keys.log"


class SettingsSheet(QFrame):
    """Shows the window's listening request and changes it. Nothing is applied while a field is not right."""

    def __init__(self, window: MainWindow, switch: ListenSwitch) -> None:
        super().__init__(window.centralWidget())
        self.setObjectName("listener_settings")
        self.setAccessibleName("Listener settings")
        self.setProperty("role", "sheet")
        self.setAutoFillBackground(True)
        self._window = window
        self._switch = switch
        self._faults = Faults()
        self._applying = False
        self._came_from: QWidget | None = None
        self._address = Address(window.theme)
        self._address.may_listen_on = switch.may_listen_on
        self._admission = Admission(window.theme)
        self._allowed = Allowed(window.theme)
        self._certificate = OurCertificate(window.theme)
        self._forwarding = Forwarding(window.theme)
        self._key_log = KeyLog(window.theme)
        self._key_log.suggested = lambda: window.workbench.home.data / KEY_LOG_NAME
        self.sections: tuple[Section, ...] = (
            self._address,
            self._admission,
            self._allowed,
            self._certificate,
            ExpectedHeaders(window.theme),
            self._forwarding,
            BehindProxy(window.theme),
            self._key_log,
            Advanced(window.theme),
        )
        self._lay_out()
        for section in self.sections:
            section.edited.connect(self._apply)
        self._admission.trust_wanted.connect(self._trust)
        self._admission.certificates_wanted.connect(self._show_certificates)
        self._allowed.crls_chosen.connect(self._check_crls)
        window.setup.changed.connect(self._refresh)
        window.theme.changed.connect(self._recolor)
        self._recolor()
        self._refresh()
        self._address.set_open(True)
        self._admission.set_open(True)
        self.read_vault()
        parent = self.parentWidget()
        assert parent is not None
        parent.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        title = QLabel("Listener settings", self)
        title.setProperty("role", "title")
        self._close = QToolButton(self)
        self._close.setObjectName("settings_close")
        self._close.setAccessibleName("Close the settings")
        self._close.setToolTip("Close (Esc)")
        self._close.setFixedSize(28, 28)
        self._close.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, 8, 12, 8)
        head.addWidget(title, 1)
        inner = self._inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for place, section in enumerate(self.sections):
            section.setParent(inner)
            if place:
                line = QFrame(inner)
                line.setProperty("role", "line")
                column.addWidget(line)
            column.addWidget(section)
        column.addStretch()
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        self._state = wrapped("", "muted", self)
        self._state.setObjectName("settings_state")
        self._state.setMinimumHeight(CONTROL_HEIGHT)
        self._act = QPushButton(self)
        self._act.setObjectName("settings_act")
        self._act.clicked.connect(self._do_what_is_offered)
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN, 8, 12, 8)
        foot.setSpacing(12)
        foot.addWidget(self._state, 1)
        foot.addWidget(self._act)
        head.addWidget(self._close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self._line())
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self._line())
        whole.addLayout(foot)

    def _line(self) -> QFrame:
        line = QFrame(self)
        line.setProperty("role", "line")
        return line

    # coming and going

    def appear(self, place: str = "") -> None:
        """Show the sheet, with the cursor in the field of `place`, or in the first one."""
        if not self.isVisible():
            self._came_from = QApplication.focusWidget()
        self._settle()
        self.show()
        self.raise_()
        for section in self.sections:
            row = section.places.get(place)
            if row is not None:
                if not row.shown:
                    row = next(other for other in section.places.values() if other.shown)
                section.set_open(True)
                layout = self._inner.layout()
                if layout is not None:
                    layout.activate()
                QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
                row.focus.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self._scroll.ensureWidgetVisible(section.header, 0, 0)
                self._scroll.ensureWidgetVisible(row.control, 0, 8)
                return
        if not self._scroll.isAncestorOf(QApplication.focusWidget() or self):
            self._address.places["reach"].focus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def dismiss(self) -> None:
        """Hide the sheet; what was typed stays in it."""
        back = self._came_from
        self.hide()
        if back is not None and back.isVisible() and not self.isAncestorOf(back):
            back.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._window.toolbar.settings.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def event(self, event: QEvent) -> bool:
        # Esc is the window's shortcut too; here it closes the sheet.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's own signature
        """Tab stays in the sheet, from top to bottom: what it covers is not to be walked through unseen, and rows
        that came later have their place too."""
        order = [
            child
            for child in self.findChildren(QWidget)
            if child.isVisible()
            and child.isEnabled()
            and child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.focusProxy() is None
        ]
        order.sort(key=self._place_of)
        current = QApplication.focusWidget()
        if current not in order:
            return super().focusNextPrevChild(forward)
        step, reason = (
            (1, Qt.FocusReason.TabFocusReason) if forward else (-1, Qt.FocusReason.BacktabFocusReason)
        )
        wanted = order[(order.index(current) + step) % len(order)]
        wanted.setFocus(reason)
        if self._inner.isAncestorOf(wanted):
            self._scroll.ensureWidgetVisible(wanted, 0, 8)
        return True

    def _place_of(self, child: QWidget) -> tuple[int, int]:
        # What is scrolled away stands between head and foot all the same.
        if self._inner.isAncestorOf(child):
            spot = child.mapTo(self._inner, QPoint(0, 0))
            return 1, spot.y() * 10_000 + spot.x()
        return (0, 0) if child is self._close else (2, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        top = self._window.toolbar.height()
        width = min(WIDTH, parent.width() - self._window.rail.width())
        height = parent.height() - top - self._window.status_line.height()
        self.setGeometry(parent.width() - width, top, width, height)

    # what is set

    @Slot()
    def _apply(self) -> None:
        if self._applying:  # a question takes the focus from the field that it is about
            return
        self._applying = True
        faults = Faults()
        request = self._window.setup.request
        try:
            for section in self.sections:
                request = section.taken(request, faults)
        finally:
            self._applying = False
        self._faults = faults
        if not faults.rows:
            self._window.setup.put(request)
        self.show_state()

    @Slot()
    def _refresh(self) -> None:
        for section in self.sections:
            section.show_request(self._window.setup.request)
        self.show_state()

    def show_state(self) -> None:
        """Say whether what is set holds, and offer what makes it so."""
        listening = self._window.listening.state
        wrong = len(self._faults.rows)
        if wrong:
            text = "Nothing is applied yet: " + (
                "one field is not right." if wrong == 1 else f"{wrong} fields are not right."
            )
            self._offer(text, "bad", "Show it" if wrong == 1 else "Show the first")
        elif self._switch.waits_for_a_restart:
            self._offer("Takes effect at the next start of listening.", "warn", "Restart listening")
        elif self._switch.trouble:
            self._offer(self._switch.trouble, "bad", "")
        elif listening.on:
            self._offer("Changes hold at once; no connection is cut off.", "muted", "")
        else:
            self._offer("Changes hold from the next start of listening.", "muted", "")

    def _offer(self, text: str, role: str, action: str) -> None:
        self._state.setText(text)
        set_property(self._state, "role", role)
        self._act.setText(action)
        self._act.setVisible(bool(action))

    @Slot()
    def _do_what_is_offered(self) -> None:
        if self._faults.rows:
            wrong = self._faults.rows[0]
            place = next(
                place for section in self.sections for place, row in section.places.items() if row is wrong
            )
            self.appear(place)
        else:
            self._switch.restart()

    # the vault and files, in the worker's thread

    def read_vault(self) -> None:
        """Show the CAs and identities that the vault holds now."""
        workbench = self._window.workbench
        self._window.worker.submit(
            "settings vault", lambda: read_vault(workbench), self._show_vault, self._vault_failed
        )

    def _show_vault(self, view: VaultView) -> None:
        for section in (self._admission, self._certificate, self._forwarding):
            section.show_vault(view)
        self._refresh()

    def _vault_failed(self, error: BaseException) -> None:
        self._admission.complain_of_trust(_words(error))
        self._admission.show_vault(VaultView())

    @Slot(str, bool)
    def _trust(self, name: str, trusted: bool) -> None:  # noqa: FBT001 - a slot
        vault_of = self._window.workbench

        def failed(error: BaseException) -> None:
            self._admission.complain_of_trust(_words(error))
            self.read_vault()

        def done(_result: object) -> None:
            self._admission.complain_of_trust("")
            self._window.identities_changed()

        self._window.worker.submit("", lambda: vault_of.vault.set_trust_clients(name, trusted), done, failed)

    @Slot(object)
    def _check_crls(self, paths: tuple[Path, ...]) -> None:
        def job() -> object:
            from inspector.certificates.crl import read_crls

            return read_crls(paths)

        self._window.worker.submit(
            "",
            job,
            lambda _crls: self._allowed.add_crls(paths),
            lambda error: self._allowed.places["crls"].complain(_words(error)),
        )

    @Slot()
    def _show_certificates(self) -> None:
        self.dismiss()
        self._window.show_certificates()

    @Slot()
    def _recolor(self) -> None:
        self._close.setIcon(icons.icon("x", self._window.theme.colors.muted))


def _words(error: BaseException) -> str:
    if isinstance(error, InspectorError):
        return f"{error.message} {error.next_step}".strip()
    return str(error)
