"""Where files are chosen, behind small functions that a test can replace. Imports PySide6 only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

_SUMMARIES = {".json": "Summary as JSON (*.json)", ".html": "Summary as a page (*.html)"}
_SCRIPTS = "Scripts (*.json);;All files (*)"


def choose_summary(parent: QWidget, suggested: str, ending: str) -> Path | None:
    """Where to save a run's summary (the dialog asks before it replaces a file); None where the person changed their
    mind."""
    name, _ = QFileDialog.getSaveFileName(parent, "Save the summary", suggested, _SUMMARIES[ending])
    if not name:
        return None
    path = Path(name)
    return path if path.suffix.lower() == ending else path.with_name(f"{path.name}{ending}")


def choose_script(parent: QWidget) -> Path | None:
    """Which script to open."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open a script", "", _SCRIPTS)
    return Path(name) if name else None


def choose_script_place(parent: QWidget, suggested: str) -> Path | None:
    """Where to save a script."""
    name, _ = QFileDialog.getSaveFileName(parent, "Save the script", suggested, _SCRIPTS)
    if not name:
        return None
    path = Path(name)
    return path if path.suffix else path.with_suffix(".json")
