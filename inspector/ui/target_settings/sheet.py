"""The sheet below the target: all of its settings, and the name it is kept under. What is right in it holds at once.

Imports this room and PySide6.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from inspector.errors import InspectorError, UsageError
from inspector.sender.request import SendRequest
from inspector.ui.advice import in_window
from inspector.ui.listener_settings.form import Faults
from inspector.ui.target_settings.connection import ProxyBlock, TimesBlock, TlsBlock
from inspector.ui.target_settings.credentials import BasicBlock, HeadersBlock
from inspector.ui.target_settings.differences import USUAL
from inspector.ui.target_settings.keeper import TargetKeeper
from inspector.ui.target_settings.naming import Naming
from inspector.ui.target_settings.rows import Block
from inspector.ui.target_settings.state import TargetState
from inspector.ui.target_settings.trust import TrustBlock
from inspector.ui.theme import Theme

TALLEST = 296
_SHORTEST = 96


class TargetSheet(QFrame):
    """Shows the settings of a TargetState and changes them. `save_wanted` carries a name, `pin_presented_wanted` asks
    for a check whose certificate is pinned; `closed` comes when Esc has closed it, `left` when the keyboard goes on
    beyond its end (true) or its begin."""

    save_wanted = Signal(str)
    pin_presented_wanted = Signal()
    closed = Signal()
    left = Signal(bool)

    def __init__(
        self, state: TargetState, keeper: TargetKeeper, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("composer_target_sheet")
        self.setAccessibleName("Settings of the target")
        self._state = state
        self._keeper = keeper
        self._fault: UsageError | None = None
        self.trust = TrustBlock(theme)
        self.tls = TlsBlock(theme)
        self.times = TimesBlock(theme)
        self.proxy = ProxyBlock(theme)
        self.basic = BasicBlock(theme)
        self.headers = HeadersBlock(theme)
        self.blocks: tuple[Block, ...] = (
            self.trust, self.tls, self.times, self.proxy, self.basic, self.headers,
        )  # fmt: skip
        self.naming = Naming(state, theme)
        self._lay_out()
        self._connect()
        state.settle = self.settle
        self._show()

    def _lay_out(self) -> None:
        inner = self._inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 8, 0, 4)
        column.setSpacing(0)
        for block in self.blocks:
            column.addWidget(block)
        column.addStretch()
        self.area = _Scroll(inner, self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (_line(self), self.area, _line(self), self.naming, _line(self)):
            whole.addWidget(part)

    def _connect(self) -> None:
        for block in self.blocks:
            block.edited.connect(self._apply)
        for secret in (self.proxy, self.basic, self.headers):
            secret.reveal_wanted.connect(self._open_kept)
        self.trust.pin_file_chosen.connect(self._keeper.pin_file)
        self.trust.pin_presented_wanted.connect(self.pin_presented_wanted)
        self.naming.save_wanted.connect(self.save_wanted)
        self.naming.rename_wanted.connect(self._rename)
        self.naming.delete_wanted.connect(self._delete)
        self.naming.reset_wanted.connect(self._reset)
        self._keeper.pinned.connect(self.trust.put_pin)
        self._keeper.unpinned.connect(self._pin_failed)
        self._keeper.opened.connect(self._show_kept)
        self._keeper.failed.connect(self._failed)
        self._state.loaded.connect(self._show)
        self._state.changed.connect(self.naming.show_state)

    def appear(self) -> None:
        """Show it, with the cursor in the first field."""
        self.show()
        self.trust.kind.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def settle(self) -> UsageError | None:
        """Take what is typed; what is wrong with it, None where nothing is."""
        self._apply()
        return self._fault

    def show_fault(self) -> None:
        """Go to the first field that is not right."""
        self.show()
        for block in self.blocks:
            for row in block.places.values():
                if row.shown and row.fault:
                    row.focus.setFocus(Qt.FocusReason.OtherFocusReason)
                    self.area.ensureWidgetVisible(row.control, 0, 8)
                    return

    @Slot()
    def _apply(self) -> None:
        faults = Faults()
        request = self._state.request
        for block in self.blocks:
            request = block.taken(request, faults)
        self._fault = None
        if faults.rows:
            self._fault = UsageError(
                f"The target’s settings are not right: {faults.rows[0].fault}", "Mend them in the sheet."
            )
            return
        self._state.put(request)

    @Slot()
    def _show(self) -> None:
        self._fault = None
        for block in self.blocks:
            for row in block.places.values():
                row.complain("")
            block.fill(self._state.request)
        self.naming.show_saved()

    @Slot()
    def _open_kept(self) -> None:
        if self._state.request.secrets_of:
            self._keeper.open(self._state.request)

    @Slot(object)
    def _show_kept(self, request: SendRequest) -> None:
        self.proxy.password.show_kept(request.proxy_password)
        self.basic.password.show_kept(request.basic_password)
        self.headers.show_kept(request.headers)

    @Slot(str)
    def _rename(self, new: str) -> None:
        if self._state.saved is not None:
            self._keeper.rename(self._state.saved.name, new)

    @Slot()
    def _delete(self) -> None:
        if self._state.saved is not None:
            self._keeper.delete(self._state.saved.name)

    @Slot()
    def _reset(self) -> None:
        self._state.load(USUAL)

    @Slot(object)
    def _pin_failed(self, error: InspectorError) -> None:
        self.trust.complain_of_pin(f"{error.message} {in_window(error.next_step)}".strip())

    @Slot(object)
    def _failed(self, error: InspectorError) -> None:
        self.naming.complain(error.message, error.next_step)

    # keys

    def walked(self) -> list[QWidget]:
        """What the keyboard stops at now, from top to bottom: rows that came later have their place too."""
        stops = [
            child
            for child in self.findChildren(QWidget)
            if child.isVisible()
            and child.isEnabled()
            and child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.focusProxy() is None
        ]
        return sorted(stops, key=self._place_of)

    def _place_of(self, child: QWidget) -> tuple[int, int, int]:
        inside = self._inner.isAncestorOf(child)
        spot = child.mapTo(self._inner if inside else self.naming, QPoint(0, 0))
        return (0 if inside else 1), spot.y(), spot.x()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's own signature
        stops = self.walked()
        current = QApplication.focusWidget()
        place = stops.index(current) + (1 if forward else -1) if current in stops else -1
        if 0 <= place < len(stops):
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            stops[place].setFocus(reason)
            return True
        self.left.emit(forward)
        return True

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
            self.hide()
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class _Scroll(QScrollArea):
    """As tall as what is in it, up to a height; what the keyboard comes to is scrolled into view."""

    def __init__(self, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = content
        content.setMinimumSize(1, 1)  # else it is as tall as its wrapped texts would be at their narrowest
        self.setWidget(content)
        content.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _whole_height(self) -> int:
        layout = self._content.layout()
        height = layout.totalHeightForWidth(self.viewport().width()) if layout is not None else -1
        return height if height >= 0 else self._content.sizeHint().height()

    def _keep_height(self) -> None:
        """Scroll where the window is low. Else the rows would be pushed into one another."""
        self._content.setMinimumHeight(self._whole_height())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(240, min(self._whole_height(), TALLEST))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(_SHORTEST, self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_height()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._keep_height()

    @Slot(QWidget, QWidget)
    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._content.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, 8)


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("role", "line")
    return line
