"""Where files are dropped or chosen: a frame that lists them, each with a way to take it out. Imports PySide6."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.ui import icons
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

PROMPT = "Drop PEM, DER or PKCS#12 files here, a certificate and its key together."


def files_of(data: QMimeData) -> list[Path]:
    """The local files that something dragged holds."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


class FilePicker(QFrame):
    """The chosen files. `changed` tells that they are others now."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setAcceptDrops(True)
        self._theme = theme
        self._paths: list[Path] = []
        self._prompt = QLabel(PROMPT, self)
        self._prompt.setProperty("role", "muted")
        self._prompt.setWordWrap(True)
        self.choose = QPushButton("Choose files…", self)
        self.choose.setAccessibleName("Choose files")
        self.choose.clicked.connect(self._choose)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._prompt, 1)
        foot.addWidget(self.choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(4)
        layout.addLayout(self._rows)
        layout.addLayout(foot)
        theme.changed.connect(self._list)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The chosen files, in the order they came."""
        return tuple(self._paths)

    def add(self, paths: Sequence[Path]) -> None:
        """Take more files; one that is there already is not taken twice."""
        new = [path for path in dict.fromkeys(paths) if path not in self._paths]
        if new:
            self._paths += new
            self._list()
            self.changed.emit()

    def remove(self, path: Path) -> None:
        """Leave a file out."""
        self._paths.remove(path)
        self._list()
        self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add(files_of(event.mimeData()))

    @Slot()
    def _choose(self) -> None:
        self.add(dialogs.choose_files(self))

    @Slot()
    def _list(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for path in self._paths:
            self._rows.addWidget(self._row(path))
        self._prompt.setText("Drop more files here." if self._paths else PROMPT)
        self.choose.setText("Add files…" if self._paths else "Choose files…")

    def _row(self, path: Path) -> QWidget:
        row = QWidget(self)
        name = ElidedLabel(row)
        name.setText(path.name)
        name.setToolTip(tip(str(path)))
        folder = ElidedLabel(row)
        folder.setText(str(path.parent))
        folder.setProperty("role", "muted")
        remove = QToolButton(row)
        remove.setIcon(icons.icon("x", self._theme.colors.muted))
        remove.setToolTip(tip(f"Leave {path.name} out"))
        remove.setAccessibleName(f"Leave {path.name} out")
        remove.clicked.connect(partial(self.remove, path))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(name, 2)
        layout.addWidget(folder, 3)
        layout.addWidget(remove, alignment=Qt.AlignmentFlag.AlignVCenter)
        return row
