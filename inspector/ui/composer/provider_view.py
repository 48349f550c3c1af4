"""What a correct proxy would send on to the provider for the body that is written: the request, and what in it is other
than in the push. Imports PySide6, the composer's own room and the theme; the contract's work runs in the worker."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QShowEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.contract.difference import Change as Difference
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.clipboard import copy_text
from inspector.ui.compare.colors import ink, wash
from inspector.ui.composer.provider_changes import ChangeList
from inspector.ui.composer.provider_headers import HeaderGrid
from inspector.ui.composer.provider_text import Place, ProviderShown, show_provider
from inspector.ui.empty_state import EmptyState
from inspector.ui.json_editor import JsonEditor
from inspector.ui.qt_text import to_qt
from inspector.ui.theme import Theme, fixed_font
from inspector.ui.worker import Worker

_SMALLEST_BODY = 72
_HINT_WIDTH = 280
_PROVIDERS = {"apns": "APNs", "fcm": "FCM", "huawei": "Huawei"}
_WASHES = {"copied": Difference.CHANGED, "turned into text": Difference.CHANGED, "added": Difference.ADDED}
_UNKNOWN = (
    "No provider yet",
    (
        "Write push-service (1 APNs, 2 FCM, 3 Huawei) and notificationType (apn, gcm, huawei) into the body: then "
        "this shows what a correct proxy sends on."
    ),
)
_NOT_JSON = ("No JSON yet", "As soon as the body is a JSON object, this shows what a correct proxy sends on.")


class ProviderView(QFrame):
    """`show_body` may come as often as one likes: nothing is done while the view is hidden, or for the same bytes.

    `origin_chosen` carries the path (as text) in the push of a change that has no place in what is sent on; `message` a
    line for the status bar.
    """

    origin_chosen = Signal(str)
    message = Signal(str)

    def __init__(self, theme: Theme, worker: Worker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_provider")
        self.setAccessibleName("What is sent on to the provider")
        self.setProperty("role", "panel")
        self._theme = theme
        self._worker = worker
        self._lane = f"composer provider {id(self)}"
        self._body: bytes | None = None
        self._asked: tuple[bytes, bool] | None = None
        self._shown = ProviderShown(is_json=False)
        self._make_parts()
        self._lay_out()
        theme.changed.connect(self._recolor)
        self._recolor()

    def _make_parts(self) -> None:
        self.title = QLabel(self)
        self.title.setObjectName("composer_provider_title")
        self.title.setProperty("role", "heading")
        self.amount = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.amount.setObjectName("composer_provider_size")
        self.amount.setAccessibleName("Size as the provider counts it")
        self.reveal = QToolButton(self)
        self.reveal.setObjectName("composer_provider_reveal")
        self.reveal.setCheckable(True)
        self.reveal.setAccessibleName("Show device tokens")
        self.reveal.toggled.connect(self._build)
        self.copy_button = QToolButton(self)
        self.copy_button.setObjectName("composer_provider_copy")
        self.copy_button.setText("Cop&y")
        self.copy_button.setAccessibleName("Copy")
        self.copy_button.setToolTip("Copy the request, as it is shown")
        self.copy_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.copy_button)
        menu.addAction("Whole request as text", self._copy_whole)
        menu.addAction("Body only", self._copy_body)
        menu.addAction("As cURL, with placeholders", self._copy_curl)
        self.copy_button.setMenu(menu)
        self.request = ElidedLabel(self)
        self.request.setObjectName("composer_provider_request")
        self.request.setAccessibleName("Request line")
        self.request.setFont(fixed_font())
        self.request.setFixedHeight(20)
        self.headers = HeaderGrid(self)
        self.body = JsonEditor(self._theme, None, self, checking=False)
        self.body.setObjectName("composer_provider_body")
        self.body.setAccessibleName("Body that is sent on")
        self.body.setReadOnly(True)
        self.body.setMinimumHeight(_SMALLEST_BODY)
        self.body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.changes = ChangeList(self)
        self.changes.chosen.connect(self._go)
        self.empty = EmptyState(self._theme, "arrow-up-right", text_width=_HINT_WIDTH, parent=self)
        self.empty.setObjectName("composer_provider_empty")
        self.empty.say(*_NOT_JSON)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.amount, 1)
        head.addWidget(self.reveal)
        head.addWidget(self.copy_button)
        top = QVBoxLayout()
        top.setContentsMargins(12, 4, 8, 8)
        top.setSpacing(4)
        top.addLayout(head)
        top.addWidget(self.request)
        top.addWidget(self.headers)
        self._page = QWidget(self)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(_line(self._page))
        column.addWidget(self.body, 1)
        column.addWidget(_line(self._page))
        column.addWidget(self.changes)
        # Where there is little height, all of it scrolls. Else its lines would be pushed into one another.
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._page)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._area)
        for before, after in (
            (self.reveal, self.copy_button),
            (self.copy_button, self.body),
            (self.body, self.changes),
        ):
            QWidget.setTabOrder(before, after)

    # what others ask

    def show_body(self, body: bytes) -> None:
        """Show what is sent on for another body; built in the worker, and only while the view is seen."""
        self._body = body
        if self.isVisible():
            self._build()

    def text(self) -> str:
        """The whole request as text, as it is shown; empty where there is none."""
        return self._shown.whole

    def close_down(self) -> None:
        """Say nothing any more."""
        self._worker.outdated(self._lane)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._build()

    @Slot()
    def _build(self) -> None:
        wanted = None if self._body is None else (self._body, self.reveal.isChecked())
        if wanted is None or wanted == self._asked:
            return
        self._asked = wanted
        self._recolor()
        body, reveal = wanted
        self._worker.submit(self._lane, lambda: show_provider(body, reveal=reveal), self._take)

    def _take(self, shown: ProviderShown) -> None:
        if shown.request is None:
            # Half a keystroke breaks JSON: what was there stays, and says that it is from before.
            if not shown.is_json and self._shown.request is not None:
                self._say("as of the last text that was JSON", "muted")
                return
            self._shown = shown
            self.empty.say(*(_UNKNOWN if shown.is_json else _NOT_JSON))
            self._stack.setCurrentWidget(self.empty)
            return
        old, self._shown = self._shown, shown
        request = shown.request
        self.title.setText(_PROVIDERS[request.service.value])
        over = request.size > request.limit
        words = f"{request.size:,} / {request.limit:,} B"
        self._say(f"{words}, too large" if over else words, "bad" if over else "muted")
        self.amount.setToolTip(f"Bytes as the provider counts them: {request.measured}")
        self.request.setText(f"{request.method} {request.url}")
        self.headers.show_headers(request.headers)
        if shown.text != old.text:
            place = self.body.verticalScrollBar().value()
            self.body.setPlainText(shown.text)
            self.body.verticalScrollBar().setValue(place)
        self._recolor()
        self._stack.setCurrentWidget(self._area)

    def _say(self, words: str, role: str) -> None:
        self.amount.setText(words)
        if self.amount.property("role") != role:
            self.amount.setProperty("role", role)
            self.amount.style().unpolish(self.amount)
            self.amount.style().polish(self.amount)

    @Slot(object)
    def _go(self, place: Place) -> None:
        if place.line:
            self.body.show_place(place.start, place.length)
        elif place.origin:
            self.origin_chosen.emit(place.origin)

    # copying

    @Slot()
    def _copy_whole(self) -> None:
        self._copy(self._shown.whole, "Copied the request.")

    @Slot()
    def _copy_body(self) -> None:
        self._copy(self._shown.body, "Copied the body that is sent on.")

    @Slot()
    def _copy_curl(self) -> None:
        self._copy(
            self._shown.curl, "Copied a cURL command; what stands in angle brackets is for you to fill in."
        )

    def _copy(self, text: str, words: str) -> None:
        copy_text(text, secret=self.reveal.isChecked())
        self.message.emit(words)

    # looks

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        revealed = self.reveal.isChecked()
        self.reveal.setIcon(icons.icon("eye" if revealed else "eye-slash", colors.muted))
        self.reveal.setToolTip("Device tokens are shown" if revealed else "Show device tokens")
        self.copy_button.setIcon(icons.icon("copy", colors.muted))
        if self._shown.request is not None:
            self.changes.show_places(self._shown.places, colors)
            self._mark()

    def _mark(self) -> None:
        marks = []
        colors = self._theme.colors
        for place in self._shown.places:
            kind = _WASHES.get(place.change.kind.value, Difference.SAME)
            color = wash(colors, kind)
            if color is not None and place.line:
                marks.append(self._marked(place, color, ink(colors, kind)))
        self.body.show_washes(marks)

    def _marked(self, place: Place, color: QColor, line: QColor) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.body.document())
        text = self._shown.text
        cursor.setPosition(to_qt(text, place.start))
        cursor.setPosition(to_qt(text, place.start + place.length), QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(color)
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        form.setUnderlineColor(line)
        mark = QTextEdit.ExtraSelection()
        mark.cursor = cursor
        mark.format = form
        return mark


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("role", "line")
    return line
