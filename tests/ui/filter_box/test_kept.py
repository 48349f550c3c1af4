"""What of the filters comes back, and that no secret is among it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.errors import UsageError
from inspector.history.query import local_now
from inspector.home import Home
from inspector.ui.filter_box.asking import NameDialog
from inspector.ui.filter_box.kept import (
    LONGEST_NAME,
    MOST_SAVED,
    KeptFilters,
    NamedFilter,
    checked_name,
    may_hold_secret,
)
from inspector.ui.settings import Settings


@pytest.fixture
def settings(home: Home) -> Settings:
    home.create()
    return Settings(home)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("service:apns status:>=500 word", False),
        ("conv:13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3", False),
        ("13a1ca79-22eb-4a60-8cad-cd7f9dbdb9f3", False),
        ("originator:90588718.2333061110 90588718.2333061110", False),
        ("extraordinarily", False),
        ("has:token", False),
        ("fingerprint:" + "ab12" * 16, False),
        ("token:0140*", True),
        ("is:push or -(token:1 a)", True),
        ("header:authorization", True),
        ("body:secret", True),
        ("01408800000259", True),
        ('"see 01408800000259"', True),
        ("path:/3/device/" + "ab12" * 16, True),
        ("path:/3/device/" + "ab12" * 16 + "*", True),
        ("(", True),
    ],
)
def test_what_may_hold_a_secret(text: str, secret: bool) -> None:
    assert may_hold_secret(text, local_now()) is secret


def test_names(settings: Settings) -> None:
    kept = KeptFilters()
    kept.keep_in(settings)
    now = local_now()
    kept.save("  b   two ", " seq:2 ", now)
    kept.save("A", "seq:1", now)
    assert kept.saved == (NamedFilter("A", "seq:1"), NamedFilter("b two", "seq:2"))
    kept.save("B TWO", "seq:3", now)
    assert kept.named("b two") == NamedFilter("B TWO", "seq:3")
    with pytest.raises(UsageError, match="already"):
        kept.rename("A", "b two")
    kept.rename("A", "a")
    assert kept.name_of("seq:1 ") == "a"
    for name in ("", "  ", "x" * (LONGEST_NAME + 1), "a\0b"):
        with pytest.raises(UsageError, match="no name"):
            checked_name(name)
    assert kept.delete("nobody") is None
    deleted = kept.delete("a")
    assert deleted is not None
    kept.save("A", "seq:4", now)
    kept.put_back(deleted)
    assert kept.named("a") == NamedFilter("A", "seq:4")
    again = KeptFilters()
    again.keep_in(settings)
    assert again.saved == kept.saved


def test_no_end_of_filters() -> None:
    kept = KeptFilters()
    for number in range(MOST_SAVED):
        kept.save(f"Filter {number}", "a", local_now())
    with pytest.raises(UsageError, match="too many"):
        kept.save("One more", "a", local_now())
    kept.save("Filter 7", "b", local_now())


@pytest.mark.parametrize("text", ["", "{", "3", "{}", "[1]", '[["a", 1]]', '[["a"]]', '[["a", "b", "c"]]'])
def test_what_somebody_made_of_the_file_is_left_out(settings: Settings, text: str) -> None:
    settings.put("filters/saved", text)
    settings.put("filters/recent", text.replace('["a"]', "[]"))
    kept = KeptFilters()
    kept.keep_in(settings)
    assert kept.saved == ()
    assert all(isinstance(one, str) for one in kept.recent)


def test_the_dialog_wants_a_name(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = NameDialog(parent, "Save the filter", "seq:1", "", LONGEST_NAME)
    save = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Save")
    assert not save.isEnabled()
    dialog.name.setText("  ")
    assert not save.isEnabled()
    dialog.name.setText("x" * (LONGEST_NAME + 5))
    assert len(dialog.name.text()) == LONGEST_NAME
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
