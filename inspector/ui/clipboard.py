"""Texts on the clipboard, with the hints by which clipboard histories leave secrets out. Imports PySide6 only."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

# What KDE's and other Linux histories, macOS ones, and Windows' own look for.
_HINTS = {
    "x-kde-passwordManagerHint": b"secret",
    "application/x-nspasteboard-concealed-type": b"",
    "org.nspasteboard.ConcealedType": b"",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\0\0\0\0",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\0\0\0\0",
}


def copy_text(text: str, *, secret: bool = False) -> None:
    """Put a text on the clipboard; a `secret` one with the request not to keep it in a history, nor to send it on to
    other machines."""
    data = QMimeData()
    data.setText(text)
    if secret:
        for name, value in _HINTS.items():
            data.setData(name, value)
    QGuiApplication.clipboard().setMimeData(data)
