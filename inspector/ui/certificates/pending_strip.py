"""The requests whose certificates have not come yet, a line each. Imports PySide6 and the pieces of this room."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.certificates.pending import PendingRequest
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.certificates.wording import day
from inspector.ui.theme import Theme


class PendingStrip(QFrame):
    """Each signal brings the PendingRequest whose button was used."""

    complete_wanted = Signal(object)
    copy_wanted = Signal(object)
    save_wanted = Signal(object)
    drop_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setObjectName("certificate_pending")
        self.setAccessibleName("Requests that wait for their certificates")
        self._theme = theme
        self._requests: tuple[PendingRequest, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 0, 12, 8)
        self._column.setSpacing(4)
        theme.changed.connect(self._show)
        self.hide()

    @property
    def requests(self) -> tuple[PendingRequest, ...]:
        """Those that are shown."""
        return self._requests

    def show_requests(self, requests: Sequence[PendingRequest]) -> None:
        """Show these; none hides the strip."""
        if tuple(requests) != self._requests:
            self._requests = tuple(requests)
            self._show()

    @Slot()
    def _show(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for request in self._requests:
            self._column.addWidget(self._row(request))

    def _row(self, request: PendingRequest) -> QWidget:
        colors = self._theme.colors
        row = QFrame(self)
        row.setProperty("role", "notice")
        mark = QLabel(row)
        mark.setPixmap(icons.pixmap("signature", colors.muted, 16, self.devicePixelRatioF()))
        words = ElidedLabel(row, Qt.TextElideMode.ElideRight)
        words.setText(f"{request.name} waits for its signed certificate since {day(request.created_at)}")
        copy = QPushButton("Copy request", row)
        copy.setToolTip("Copy the request as PEM, for whoever signs it")
        copy.clicked.connect(partial(self.copy_wanted.emit, request))
        save = QPushButton("Save request…", row)
        save.setToolTip("Save the request as a file, for whoever signs it")
        save.clicked.connect(partial(self.save_wanted.emit, request))
        done = QPushButton("Complete…", row)
        done.setObjectName("certificate_complete")
        done.setToolTip("Complete it with the signed certificate")
        done.setAccessibleName(f"Complete {request.name}")
        done.clicked.connect(partial(self.complete_wanted.emit, request))
        drop = QToolButton(row)
        drop.setIcon(icons.icon("trash", colors.muted))
        drop.setToolTip("Delete this request and its key…")
        drop.setAccessibleName(f"Delete the request {request.name}")
        drop.clicked.connect(partial(self.drop_wanted.emit, request))
        line = QHBoxLayout(row)
        line.setContentsMargins(12, 4, 4, 4)
        line.setSpacing(8)
        line.addWidget(mark)
        line.addWidget(words, 1)
        for button in (copy, save, done, drop):
            line.addWidget(button)
        return row
