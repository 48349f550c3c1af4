"""The preview: the drawn phone with its switches above and what is worth knowing below.

Imports PySide6, the composer's own room and the theme; reading the body runs in the worker.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.contract.push import Service
from inspector.ui.composer.preview.canvas import PhoneCanvas
from inspector.ui.composer.preview.content import Notification, Reading, read_notification
from inspector.ui.empty_state import EmptyState
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

_HINT_WIDTH = 280
_BANNER_ROOM = 220  # pixels that show the clock and most of a notification below it
_ABOVE_BANNER = 8
_APPROXIMATION = "An approximation: each phone and each version sets it a little differently."
_HINT = "Write push-service (1 iOS, 2 FCM, 3 Huawei) and a text: then this shows the notification as a phone would."


class PreviewPane(QFrame):
    """`show_body` may come as often as one likes: nothing is done while the pane is hidden, or for the same bytes."""

    def __init__(self, theme: Theme, worker: Worker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_preview")
        self.setAccessibleName("Preview of the notification")
        self.setProperty("role", "panel")
        self._theme = theme
        self._worker = worker
        self._lane = f"composer preview {id(self)}"
        self._body: bytes | None = None
        self._asked: bytes | None = None
        self._shown: Notification | None = None
        self._make_parts()
        self._lay_out()

    def _make_parts(self) -> None:
        self.iphone = self._switch("i&Phone", "composer_preview_iphone", "Draw an iPhone’s lock screen")
        self.android = self._switch("&Android", "composer_preview_android", "Draw an Android phone")
        self._phones = QButtonGroup(self)
        self._phones.setExclusive(True)
        for button in (self.iphone, self.android):
            self._phones.addButton(button)
        self.iphone.setChecked(True)
        self.dark = self._switch(
            "&Dark", "composer_preview_dark", "Draw the phone in the dark, whatever the window is"
        )
        self.dark.setChecked(self._theme.dark)
        self.expanded = self._switch(
            "&Unfolded", "composer_preview_expanded", "Show the notification unfolded"
        )
        for button in (self.iphone, self.android, self.dark, self.expanded):
            button.toggled.connect(self._draw)
        self.canvas = PhoneCanvas(self)
        self.notes = QLabel(self)
        self.notes.setObjectName("composer_preview_notes")
        self.notes.setProperty("role", "muted")
        self.notes.setWordWrap(True)
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self.empty = EmptyState(self._theme, "device-mobile", text_width=_HINT_WIDTH, parent=self)
        self.empty.setObjectName("composer_preview_empty")
        self.empty.say("Nothing to preview yet", _HINT)

    def _switch(self, words: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setCheckable(True)
        button.setProperty("kind", "quiet")
        button.setToolTip(tip)
        button.setAccessibleName(words.replace("&", ""))
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(self.iphone)
        row.addWidget(self.android)
        row.addStretch()
        row.addWidget(self.dark)
        row.addWidget(self.expanded)
        inner = QWidget(self)
        below = QVBoxLayout(inner)
        below.setContentsMargins(12, 4, 12, 12)
        below.setSpacing(8)
        below.addWidget(self.canvas)
        below.addWidget(self.notes)
        below.addStretch()
        self._scroll = _BannerArea(self.canvas, self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        self._scroll.setAccessibleName("Phone")
        self._page = QWidget(self)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._scroll, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._page)

    # what others ask

    def show_body(self, body: bytes) -> None:
        """Show the notification of another body; read in the worker, and only while the pane is seen."""
        self._body = body
        if self.isVisible():
            self._read()

    def close_down(self) -> None:
        """Say nothing any more."""
        self._worker.outdated(self._lane)

    @property
    def notification(self) -> Notification | None:
        """What is drawn now."""
        return self._shown

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    def _read(self) -> None:
        body = self._body
        if body is None or body == self._asked:
            return
        self._asked = body
        self._worker.submit(self._lane, lambda: read_notification(body), self._take)

    def _take(self, reading: Reading) -> None:
        shown = reading.notification
        if shown is None:
            # Half a keystroke breaks JSON: what was there stays.
            if reading.is_json:
                self._shown = None
                self._stack.setCurrentWidget(self.empty)
            return
        if self._shown is None or self._shown.service is not shown.service:
            (self.iphone if shown.service is Service.APNS else self.android).setChecked(True)
        self._shown = shown
        self._draw()
        self._stack.setCurrentWidget(self._page)

    @Slot()
    def _draw(self) -> None:
        shown = self._shown
        if shown is None:
            return
        apple = self.iphone.isChecked()
        before = self.canvas.banner_top
        self.canvas.show_notification(
            shown, apple=apple, dark=self.dark.isChecked(), expanded=self.expanded.isChecked()
        )
        if self.canvas.banner_top != before:
            self._scroll.look_at_banner()
        notes = list(shown.notes)
        if apple is not (shown.service is Service.APNS):
            notes.insert(
                0, f"This push is for {shown.service.label}; the other phone would get it converted."
            )
        elif shown.service is Service.HUAWEI:
            notes.append("Drawn as Android draws it; Huawei’s own systems look a little different.")
        if shown.badge == 0:
            notes.append("Badge 0 takes the badge away.")
        self.notes.setText(" ".join((*notes, _APPROXIMATION)))


class _BannerArea(QScrollArea):
    """Where there is little height, it begins with the notification rather than with the clock above it."""

    def __init__(self, canvas: PhoneCanvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = canvas

    @Slot()
    def look_at_banner(self) -> None:
        """Scroll to where the notification begins, or to the top where there is room for all that is above."""
        low = self.viewport().height() < _BANNER_ROOM
        bar = self.verticalScrollBar()
        top = self._canvas.y() + self._canvas.banner_top
        bar.setValue(top - _ABOVE_BANNER if low else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height():
            QTimer.singleShot(0, self, self.look_at_banner)  # once the scroll bar knows its new range
