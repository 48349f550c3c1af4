"""The questions this room asks, each behind one small function that a test can replace. Imports PySide6 only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

_ENDINGS = (
    "pem",
    "crt",
    "cer",
    "cert",
    "der",
    "key",
    "p12",
    "pfx",
    "p7b",
    "p7c",
    "p8",
    "pk8",
    "csr",
    "req",
    "txt",
)
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


def choose_folder(parent: QWidget, title: str) -> Path | None:
    """A folder to write to; None where the person changed their mind."""
    name = QFileDialog.getExistingDirectory(parent, title)
    return Path(name) if name else None


def confirm_delete(parent: QWidget, name: str, consequences: Sequence[str]) -> bool:
    """Whether an entry really is to go."""
    return _confirm(parent, f"Delete “{name}”?", consequences, "Delete")


def confirm_renew(parent: QWidget, names: Sequence[str], consequences: Sequence[str]) -> bool:
    """Whether the dev identities that are there may be replaced by new ones."""
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    return _confirm(parent, f"Replace {listed} by new ones?", consequences, "Replace")


class ConfirmDialog(QDialog):
    """A question, what a yes means, and the two buttons; No is the one that Enter and Esc take."""

    def __init__(self, parent: QWidget, question: str, consequences: Sequence[str], yes: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(yes)
        self.setAccessibleDescription(" ".join(consequences))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(8)
        for text, role in ((question, "heading"), *((line, "muted") for line in consequences)):
            label = QLabel(text, self)
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setMinimumWidth(380)
            layout.addWidget(label)
        accept, cancel = QPushButton(yes, self), QPushButton("Cancel", self)
        accept.setProperty("kind", "danger")
        accept.setAutoDefault(False)
        accept.clicked.connect(self.accept)
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 8, 0, 0)
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(accept)
        layout.addLayout(buttons)
        cancel.setFocus()


def _confirm(parent: QWidget, question: str, consequences: Sequence[str], yes: str) -> bool:
    dialog = ConfirmDialog(parent, question, consequences, yes)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return accepted
