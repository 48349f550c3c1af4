"""The payload as raw text: line numbers, colours, and where it stops being JSON; as it was received, or laid out.

Imports PySide6, the contract, the JSON editor and the parts of this package.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from inspector.contract.text import reformat
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.detail.body_text import body_text, read_body
from inspector.ui.detail.shown import Fault, Shown
from inspector.ui.json_editor import JsonEditor
from inspector.ui.json_marks import JsonFault
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

_LANE = "laid out"
_STRIP_HEIGHT = 32
_BESIDE_MESSAGE = 88  # the button's icon and edges, and the room around both buttons


class RawView(QWidget):
    """`editor` is read-only. What is wrong is told by whoever prepared the text: here there may be only a part of
    it."""

    def __init__(self, theme: Theme, worker: Worker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._worker = worker
        self._shown = Shown()
        self.editor = JsonEditor(theme, None, self, checking=False)
        self.editor.setReadOnly(True)
        self.editor.setObjectName("raw_view")
        self.editor.setAccessibleName("Payload as raw text")
        self._strip = QWidget(self)
        self._strip.setFixedHeight(_STRIP_HEIGHT)
        self.message = QPushButton(self._strip)
        self.message.setObjectName("raw_fault")
        self.message.setProperty("kind", "quiet")
        self.message.setMinimumWidth(1)  # it gets narrower with the window
        self.message.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.message.clicked.connect(self.go_to_fault)
        self._remark = ElidedLabel(self._strip, Qt.TextElideMode.ElideRight)
        self._remark.setProperty("role", "muted")
        self.lay_out = QToolButton(self._strip)
        self.lay_out.setObjectName("raw_lay_out")
        self.lay_out.setText("Laid out")
        self.lay_out.setCheckable(True)
        self.lay_out.setAccessibleName("Lay the JSON out")
        self.lay_out.setToolTip("Lay the JSON out, for reading only; otherwise it is as it was received")
        self.lay_out.toggled.connect(self._show_text)
        row = QHBoxLayout(self._strip)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(8)
        row.addWidget(self.message)
        row.addWidget(self._remark, 1)
        row.addWidget(self.lay_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._strip)
        column.addWidget(self.editor)
        self.setFocusProxy(self.editor)
        theme.changed.connect(self._recolor)

    def show_body(self, shown: Shown, *, is_json: bool) -> None:
        """Show another body, or the same one with other things masked."""
        self._shown = shown
        self.lay_out.setVisible(is_json)
        fault = shown.fault
        self.message.setVisible(fault is not None)
        self._fit_message()
        self._recolor()
        self._show_text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_message()

    def _fit_message(self) -> None:
        """As much of what is wrong as there is room for; a button would make the window wider."""
        fault = self._shown.fault
        if fault is None:
            return
        sentence = f"Line {fault.line}, column {fault.column}: {fault.message}"
        beside = 0 if self.lay_out.isHidden() else self.lay_out.sizeHint().width()
        room = self.width() - beside - _BESIDE_MESSAGE
        shown = self.fontMetrics().elidedText(sentence, Qt.TextElideMode.ElideRight, max(room, 0))
        self.message.setText(shown.replace("&", "&&"))
        self.message.setToolTip(tip(f"{sentence}\nEnter goes there"))
        self.message.setAccessibleName(sentence)

    @Slot()
    def go_to_fault(self) -> None:
        """Put the cursor where the text stops being JSON."""
        self.lay_out.setChecked(False)
        fault = self._shown.fault
        if fault is not None:
            self.editor.show_place(min(fault.offset, len(self._shown.text)))
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_text(self) -> None:
        shown = self._shown
        self._worker.outdated(_LANE)
        if self.lay_out.isChecked() and not self.lay_out.isHidden():
            self._worker.submit(_LANE, lambda: laid_out(shown.body), self._put)
        else:
            self._put(shown.text)

    def _put(self, text: str) -> None:
        """Show a text; the one that is there stays where it was scrolled to."""
        if text != self.editor.text():
            self.editor.setPlainText(text)
        fault = self._shown.fault if text == self._shown.text else None
        self.editor.take_error(_in_editor(fault, len(text)))
        if self.lay_out.isChecked() and not self.lay_out.isHidden():
            self._remark.setText("Laid out for reading: not as it was received")
        else:
            self._remark.setText("")

    @Slot()
    def _recolor(self) -> None:
        icons.set_on(self.message, "x-circle", self._theme.colors.red)


def laid_out(body: bytes) -> str:
    """A body laid out, as a view takes it. In the worker's thread."""
    return body_text(reformat(read_body(body)).encode("utf-8", "surrogatepass"))


def _in_editor(fault: Fault | None, length: int) -> JsonFault | None:
    """A fault that is in sight: a text that is cut may end before it."""
    if fault is None or fault.offset > length:
        return None
    return JsonFault(fault.line, fault.column, fault.offset, fault.message)
