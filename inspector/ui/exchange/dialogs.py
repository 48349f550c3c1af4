"""Where files are chosen, behind small functions that a test can replace. Imports PySide6 only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

_NAMES = {".jsonl": "JSON Lines", ".har": "HTTP Archive", ".csv": "CSV"}


def choose_destination(parent: QWidget, suggested: str, ending: str) -> Path | None:
    """Where to export to (the dialog asks before it replaces a file); None where the person changed their mind."""
    kind = f"{_NAMES[ending]} (*{ending});;All files (*)"
    name, _ = QFileDialog.getSaveFileName(parent, "Export the history", suggested, kind)
    return Path(name) if name else None


def choose_source(parent: QWidget) -> Path | None:
    """What to import; None where the person changed their mind."""
    kind = "Exported events (*.jsonl *.har);;All files (*)"
    name, _ = QFileDialog.getOpenFileName(parent, "Import events", "", kind)
    return Path(name) if name else None
