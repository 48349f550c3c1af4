"""The questions the settings ask, each behind one small function that a test can replace. Imports PySide6 only."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from inspector.ui.certificates.dialogs import ConfirmDialog


def confirm_all_addresses(parent: QWidget) -> bool:
    """Whether the listener may really be reached from everywhere."""
    dialog = ConfirmDialog(
        parent,
        "Listen on all addresses of this computer?",
        (
            "Anybody in your network can reach this listener then, not only programs on this computer.",
            "Who is let in stays as set. This is asked once until the window is closed.",
        ),
        "Listen on all addresses",
    )
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return accepted


def choose_crl_files(parent: QWidget) -> list[Path]:
    """Revocation lists to look at; empty where the person changed their mind."""
    names, _ = QFileDialog.getOpenFileNames(
        parent,
        "Choose certificate revocation lists",
        "",
        "Revocation lists (*.crl *.pem *.der);;All files (*)",
    )
    return [Path(name) for name in names]


def choose_key_log(parent: QWidget, suggested: Path) -> Path | None:
    """The file for TLS keys, which is appended to where it is there; None where the person changed their mind."""
    name, _ = QFileDialog.getSaveFileName(
        parent,
        "Choose a file for TLS keys",
        str(suggested),
        "Key logs (*.log *.txt);;All files (*)",
        options=QFileDialog.Option.DontConfirmOverwrite,
    )
    return Path(name) if name else None
