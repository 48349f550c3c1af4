"""The files that the sheet asks for, each behind one small function that a test can replace. Imports PySide6 only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

_CERTIFICATES = "Certificates (*.pem *.crt *.cer *.der);;All files (*)"


def choose_ca_files(parent: QWidget) -> list[Path]:
    """Files with CAs to trust the server by; empty where the person changed their mind."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Choose files with trusted CAs", "", _CERTIFICATES)
    return [Path(name) for name in names]


def choose_pinned_file(parent: QWidget) -> Path | None:
    """The file with the certificate to pin; None where the person changed their mind."""
    name, _ = QFileDialog.getOpenFileName(parent, "Choose the certificate to pin", "", _CERTIFICATES)
    return Path(name) if name else None
