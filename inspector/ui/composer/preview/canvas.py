"""The widget that the phone is drawn on. Imports PySide6 and the two drawings."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPicture, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.ui.composer.preview.android import TOP as ANDROID_TOP
from inspector.ui.composer.preview.android import paint_android
from inspector.ui.composer.preview.content import Notification
from inspector.ui.composer.preview.ios import TOP as IOS_TOP
from inspector.ui.composer.preview.ios import paint_ios
from inspector.ui.composer.preview.looks import looks

NARROWEST, WIDEST = 280, 400
LEAST_HEIGHT = 280


class PhoneCanvas(QWidget):
    """Draws one notification, sharp at every scale of the screen. Its texts are in its accessible description too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_preview_canvas")
        self.setAccessibleName("Drawn notification, an approximation")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(NARROWEST)
        self._shown: Notification | None = None
        self._apple = True
        self._dark = False
        self._expanded = False

    def show_notification(
        self, shown: Notification | None, *, apple: bool, dark: bool, expanded: bool
    ) -> None:
        """Draw another notification, or another way."""
        self._shown, self._apple, self._dark, self._expanded = shown, apple, dark, expanded
        self.setAccessibleDescription("" if shown is None else shown.spoken)
        self._fit()
        self.update()

    @property
    def banner_top(self) -> int:
        """Where the notification begins, in pixels from the top."""
        return round(IOS_TOP if self._apple else ANDROID_TOP)

    def sizeHint(self) -> QSize:
        return QSize(WIDEST, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing
            | QPainter.RenderHint.TextAntialiasing
            | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.translate((self.width() - self._phone_width()) // 2, 0)
        self._paint(painter)
        painter.end()

    def _phone_width(self) -> int:
        return max(NARROWEST, min(WIDEST, self.width()))

    def _fit(self) -> None:
        """Be as high as the drawing: its texts may be long."""
        picture = QPicture()
        painter = QPainter(picture)
        height = round(self._paint(painter))
        painter.end()
        if height != self.height():
            self.setFixedHeight(height)

    def _paint(self, painter: QPainter) -> float:
        if self._shown is None:
            return LEAST_HEIGHT
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        paint = paint_ios if self._apple else paint_android
        colors = looks(dark=self._dark)
        return paint(painter, self._phone_width(), LEAST_HEIGHT, self._shown, colors, expanded=self._expanded)
