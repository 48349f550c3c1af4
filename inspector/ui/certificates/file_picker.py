"""Where files are dropped or chosen and text is pasted: a frame that lists them, each with a way to take it out.

Imports PySide6 and the pieces of this room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.certificates.sources import Source
from inspector.ui import icons
from inspector.ui.certificates import dialogs
from inspector.ui.certificates.chosen import Chosen
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

PROMPT = "Drop PEM, DER or PKCS#12 files here, a certificate and its key together, or paste text (Ctrl+V)."
PEM_BEGIN = "-----BEGIN"
_LONGEST_PASTE = 8 * 1024 * 1024


def files_of(data: QMimeData) -> list[Path]:
    """The local files that something dragged holds."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def pasted_pem(data: QMimeData) -> str:
    """The PEM text that is on the clipboard; empty where there is none."""
    text = data.text() if data.hasText() else ""
    return text if PEM_BEGIN in text and len(text) <= _LONGEST_PASTE else ""


class FilePicker(QFrame):
    """The chosen files and pasted texts. `changed` tells that they are others now, `not_pasted` that the clipboard
    holds nothing to paste."""

    changed = Signal()
    not_pasted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setAcceptDrops(True)
        self._theme = theme
        self._paths: list[Path] = []
        self._pasted: list[Source] = []
        self._prompt_words = PROMPT
        self._prompt = QLabel(PROMPT, self)
        self._prompt.setProperty("role", "muted")
        self._prompt.setWordWrap(True)
        self.choose = QPushButton("Choose files…", self)
        self.choose.setAccessibleName("Choose files")
        self.choose.clicked.connect(self._choose)
        self.paste_button = QPushButton("Paste", self)
        self.paste_button.setObjectName("certificate_paste")
        self.paste_button.setToolTip("Take the text on the clipboard (Ctrl+V)")
        self.paste_button.setAutoDefault(False)
        self.paste_button.clicked.connect(self.paste)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._prompt, 1)
        foot.addWidget(self.paste_button)
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

    @property
    def chosen(self) -> Chosen:
        """All there is to read."""
        return Chosen(tuple(self._paths), tuple(self._pasted))

    def prompt(self, words: str) -> None:
        """Other words for what belongs here."""
        self._prompt_words = words
        self._list()

    def add_text(self, text: str) -> None:
        """Take a pasted text."""
        data = text.encode("utf-8", "surrogatepass")
        if any(source.data == data for source in self._pasted):
            return
        number = f" {len(self._pasted) + 1}" if self._pasted else ""
        self._pasted.append(Source(f"the pasted text{number}", data))
        self._list()
        self.changed.emit()

    @Slot()
    def paste(self) -> None:
        """Take what is on the clipboard: files, or PEM text."""
        data = QGuiApplication.clipboard().mimeData()
        if paths := files_of(data):
            self.add(paths)
        elif text := pasted_pem(data):
            self.add_text(text)
        else:
            self.not_pasted.emit()

    @Slot()
    def forget_texts(self) -> None:
        """Let go of what was pasted: there may be a key in it."""
        self._pasted.clear()

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

    def _remove_text(self, source: Source) -> None:
        self._pasted.remove(source)
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
            self._rows.addWidget(self._row(path.name, str(path.parent), partial(self.remove, path)))
        for source in self._pasted:
            size = f"{len(source.data):,} bytes"
            self._rows.addWidget(self._row(source.name, size, partial(self._remove_text, source)))
        some = bool(self._paths or self._pasted)
        self._prompt.setText("Drop or paste more here." if some else self._prompt_words)
        self.choose.setText("Add files…" if some else "Choose files…")

    def _row(self, words: str, where: str, leave_out: Callable[[], None]) -> QWidget:
        row = QWidget(self)
        name = ElidedLabel(row)
        name.setText(words)
        folder = ElidedLabel(row)
        folder.setText(where)
        folder.setProperty("role", "muted")
        remove = QToolButton(row)
        remove.setIcon(icons.icon("x", self._theme.colors.muted))
        remove.setToolTip(tip(f"Leave {words} out"))
        remove.setAccessibleName(f"Leave {words} out")
        remove.clicked.connect(leave_out)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(name, 2)
        layout.addWidget(folder, 3)
        layout.addWidget(remove, alignment=Qt.AlignmentFlag.AlignVCenter)
        return row
