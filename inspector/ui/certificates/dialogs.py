"""The questions this room asks, each behind one small function that a test can replace. Imports PySide6 only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

_ENDINGS = ("pem", "crt", "cer", "cert", "der", "key", "p12", "pfx", "p7b", "p7c", "p8", "pk8", "txt")
_IMPORTABLE = f"Certificates and keys ({' '.join(f'*.{ending}' for ending in _ENDINGS)});;All files (*)"
_PEM = "PEM (*.pem);;All files (*)"


def choose_files(parent: QWidget) -> list[Path]:
    """Files to import; empty where the person changed their mind."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Choose certificate and key files", "", _IMPORTABLE)
    return [Path(name) for name in names]


def choose_destination(parent: QWidget, title: str, suggested: str) -> Path | None:
    """Where to save a PEM file (the dialog asks before it replaces one); None where the person changed their mind."""
    name, _ = QFileDialog.getSaveFileName(parent, title, suggested, _PEM)
    return Path(name) if name else None


def confirm_delete(parent: QWidget, name: str, consequences: Sequence[str]) -> bool:
    """Whether an entry really is to go."""
    return _confirm(parent, f"Delete “{name}”?", consequences, "Delete")


def confirm_renew(parent: QWidget, names: Sequence[str], consequences: Sequence[str]) -> bool:
    """Whether the dev identities that are there may be replaced by new ones."""
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    return _confirm(parent, f"Replace {listed} by new ones?", consequences, "Replace")


def _confirm(parent: QWidget, question: str, consequences: Sequence[str], yes: str) -> bool:
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(yes)
    box.setText(question)
    box.setInformativeText("\n".join(consequences))
    accept = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    accept.setProperty("kind", "danger")
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    chosen = box.clickedButton() is accept
    box.deleteLater()
    return chosen
