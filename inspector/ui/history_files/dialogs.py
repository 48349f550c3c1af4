"""Where history files are chosen, behind small functions that a test can replace. Imports PySide6 only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

_HISTORIES = "Histories (*.sqlite3);;All files (*)"


def choose_new(parent: QWidget, suggested: Path) -> Path | None:
    """The name of a new history, which is not to be there yet; None where the person changed their mind."""
    name, _ = QFileDialog.getSaveFileName(
        parent,
        "Start a new history",
        str(suggested),
        _HISTORIES,
        options=QFileDialog.Option.DontConfirmOverwrite,
    )
    return Path(name) if name else None


def choose_history(parent: QWidget, folder: Path) -> Path | None:
    """Which history to open; None where the person changed their mind."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open a history", str(folder), _HISTORIES)
    return Path(name) if name else None


def choose_copy(parent: QWidget, suggested: Path) -> Path | None:
    """Where to save a copy (the dialog asks before it replaces a file); None where the person changed their mind."""
    name, _ = QFileDialog.getSaveFileName(parent, "Save a copy of the history", str(suggested), _HISTORIES)
    return Path(name) if name else None
