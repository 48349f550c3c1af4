"""Secrets on the clipboard carry the hints that histories of clipboards look for; other texts don't."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from inspector.ui.clipboard import copy_text

HINT = "x-kde-passwordManagerHint"


def test_a_secret_asks_not_to_be_kept(qapp: QApplication) -> None:
    copy_text("5ecret", secret=True)
    data = qapp.clipboard().mimeData()
    assert data.text() == "5ecret"
    assert bytes(data.data(HINT).data()) == b"secret"
    assert data.hasFormat("org.nspasteboard.ConcealedType")


def test_other_texts_are_just_texts(qapp: QApplication) -> None:
    copy_text("5ecret", secret=True)
    copy_text("plain")
    data = qapp.clipboard().mimeData()
    assert data.text() == "plain"
    assert not data.hasFormat(HINT)
