"""Where files and folders are chosen, behind small functions that a test can replace. Imports PySide6 only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_files(parent: QWidget) -> list[Path]:
    """The payloads to import; empty where the person changed their mind."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Import payloads", "", "Payloads (*.json);;All files (*)")
    return [Path(name) for name in names]


def choose_folder(parent: QWidget, title: str, start: Path) -> Path | None:
    """A folder; None where the person changed their mind."""
    name = QFileDialog.getExistingDirectory(parent, title, str(start))
    return Path(name) if name else None


def show_folder(folder: Path) -> bool:
    """Open a folder in the system's file manager; False where that can't be."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
