"""The menu of the history file, at the rail's foot. Imports PySide6 and the texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from inspector.ui.qt_text import menu_text

_NAME, _PATH = 40, 72


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A history that is, or was, in use. `there` tells whether its file is still there."""

    path: Path
    current: bool
    there: bool


class FilesMenu(QMenu):
    """One signal for each entry; `opened` carries the path of a history that was in use before."""

    new_wanted = Signal()
    open_wanted = Signal()
    opened = Signal(object)
    copy_wanted = Signal()
    import_wanted = Signal()
    export_wanted = Signal()
    keep_wanted = Signal()
    compact_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("history_file_menu")
        self.setToolTipsVisible(True)
        self._name = self.addAction("")
        self._name.setEnabled(False)
        self.addSeparator()
        self._entry("new", "&New…", self.new_wanted, "Begin another file; this one is left as it is")
        self._entry("open", "&Open…", self.open_wanted, "Go on with another file", "Ctrl+O")
        self.recent = QMenu("&Recent", self)
        self.recent.setObjectName("history_recent_menu")
        self.recent.setToolTipsVisible(True)
        self.recent.triggered.connect(self._chosen)
        self.addMenu(self.recent)
        self.addSeparator()
        self._entry("copy", "&Save a copy…", self.copy_wanted, "All of it, also while it is written")
        self._entry(
            "import", "&Import events…", self.import_wanted, "Add the events of a file", "Ctrl+Shift+I"
        )
        self._entry("export", "&Export…", self.export_wanted, "For other programs", "Ctrl+Shift+E")
        self.addSeparator()
        self._entry("keep", "&How much to keep…", self.keep_wanted, "By count, age or size")
        self._entry("compact", "&Compact now", self.compact_wanted, "Give back the room of what was deleted")
        self.addSeparator()
        self._entry("folder", "Show in &folder", self.folder_wanted, "Open the folder that the file is in")

    def show_files(self, files: tuple[KnownFile, ...]) -> None:
        """The histories there are to choose from, the one in use among them."""
        self.recent.clear()
        for file in files:
            if file.current:
                self._name.setText(menu_text(file.path.name, _NAME))
                continue
            action = self.recent.addAction(menu_text(_named(file.path), _PATH))
            action.setData(file.path)
            action.setToolTip(str(file.path) if file.there else f"{file.path} is not there any more")
            action.setEnabled(file.there)
        self.recent.menuAction().setEnabled(not self.recent.isEmpty())

    def _entry(self, name: str, text: str, signal: SignalInstance, tip: str, keys: str = "") -> None:
        action = self.addAction(text)
        action.setObjectName(f"history_{name}")
        action.setToolTip(tip)
        if keys:  # shown here, installed with the window's other keys
            action.setText(f"{text}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}")
        action.triggered.connect(lambda: signal.emit())

    @Slot(QAction)
    def _chosen(self, action: QAction) -> None:
        self.opened.emit(action.data())


def _named(path: Path) -> str:
    """The name first, as the folder's may be long: that with `~` for the person's own."""
    folder = path.parent
    if folder.is_relative_to(Path.home()):
        folder = Path("~") / folder.relative_to(Path.home())
    return f"{path.name} · {folder}"
