"""The drawn notification: what it says, how its texts are set, and its switches."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from inspector.contract.push import Service
from inspector.sender.templates import all_templates, find
from inspector.ui.composer.preview.content import Notification, read_notification
from inspector.ui.composer.preview.looks import DARK, LIGHT, phone_font
from inspector.ui.composer.preview.pane import PreviewPane
from inspector.ui.composer.preview.text_block import TextBlock, is_right_to_left
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

LONG = 15_000
LEFT = Qt.MouseButton.LeftButton


def ios(aps: object, **more: object) -> Notification:
    document = {"push-service": 1, "notificationType": "apn", "aps": aps, **more}
    found = read_notification(json.dumps(document).encode()).notification
    assert found is not None
    return found


def fcm(data: object) -> Notification:
    document = {"push-service": 2, "notificationType": "gcm", "data": data}
    found = read_notification(json.dumps(document).encode()).notification
    assert found is not None
    return found


# what it says


def test_an_alert_is_a_text_or_three() -> None:
    shown = ios({"alert": "Hi"}, badge=3)
    assert (shown.title, shown.subtitle, shown.text, shown.badge) == ("", "", "Hi", 3)
    assert shown.spoken == "Your app, now. Your app. Hi. Badge: 3."
    shown = ios({"alert": {"title": "T", "subtitle": "S", "body": "B"}})
    assert (shown.title, shown.subtitle, shown.text, shown.badge) == ("T", "S", "B", None)


def test_a_localized_alert_shows_its_key() -> None:
    shown = ios({"alert": {"loc-key": "NEW", "loc-args": ["Ada", "Support"], "title-loc-key": "HEAD"}})
    assert (shown.title, shown.text) == ("HEAD", "NEW (Ada, Support)")
    assert "The app has the text" in shown.notes[0]


@pytest.mark.parametrize(
    ("aps", "words"),
    [
        ({"content-available": 1}, "silent"),
        ({}, "refuses"),
        (None, "refuses"),
        ({"badge": 5}, "only the badge"),
        ({"sound": "default"}, "only the badge or the sound"),
        ({"alert": {}}, "silent"),
        ({"alert": 5}, "silent"),
    ],
)
def test_where_nothing_is_shown_it_says_why(aps: object, words: str) -> None:
    shown = ios(aps)
    assert words in shown.nothing
    assert shown.spoken.startswith(shown.nothing)


def test_the_badge_of_a_silent_push_stays_as_it_is() -> None:
    assert ios({"content-available": 1}, badge=4).badge is None
    assert ios({"alert": "x"}, badge=0).badge == 0
    assert ios({"alert": "x"}, badge=-1).badge is None


def test_urgency_is_said() -> None:
    assert ios({"alert": "x", "interruption-level": "time-sensitive"}).level == "Time Sensitive"
    assert ios({"alert": "x", "sound": {"critical": 1, "name": "x"}}).level == "Critical"
    assert "Passive" in ios({"alert": "x", "interruption-level": "passive"}).notes[0]
    assert "service extension" in ios({"alert": "x", "mutable-content": 1}).notes[0]


def test_a_data_push_is_drawn_by_the_app() -> None:
    shown = fcm({"message": "Hi", "payload": {"badge": 2, "title": "T"}})
    assert (shown.service, shown.title, shown.text, shown.badge) == (Service.FCM, "T", "Hi", 2)
    assert "the app draws it itself" in shown.notes[0]
    assert "no message" in fcm({"payload": {}}).nothing
    assert "no message" in fcm(5).nothing


def test_without_a_provider_there_is_no_notification() -> None:
    assert read_notification(b"{}").notification is None
    assert read_notification(b"{}").is_json
    assert not read_notification(b"{").is_json


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    )
)
def test_whatever_stands_in_a_push_can_be_shown(value: object) -> None:
    ios(value, badge=value)
    ios({"alert": value, "sound": value, "interruption-level": value})
    ios({"alert": {"title": value, "body": value, "loc-key": value, "loc-args": value}})
    fcm(value)
    fcm({"message": value, "payload": {"title": value, "badge": value}})


# how texts are set


def test_a_long_text_is_cut_in_its_last_line(qapp: QApplication) -> None:
    font = phone_font(14)
    block = TextBlock("word " * 100, font, 200, 4)
    assert len(block.lines) == 4
    assert block.lines[-1].endswith("…")
    assert not any("…" in line for line in block.lines[:-1])
    assert all(QFontMetricsF(font).horizontalAdvance(line) <= 200 for line in block.lines)


def test_a_text_that_fits_is_whole(qapp: QApplication) -> None:
    assert TextBlock("one\ntwo\r\nthree", phone_font(14), 200, 4).lines == ["one", "two", "three"]
    assert TextBlock("one\ntwo\nthree", phone_font(14), 200, 2).lines == ["one", "two…"]
    assert TextBlock("", phone_font(14), 200, 4).lines == []
    assert TextBlock("x" * 500, phone_font(14), 200, 4).lines[-1].endswith("…")


def test_emoji_are_never_cut_in_half(qapp: QApplication) -> None:
    block = TextBlock("😀" * 40, phone_font(14), 60, 30)
    assert "".join(block.lines).strip("…") == "😀" * len("".join(block.lines).strip("…"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi", False),
        ("مرحبا", True),
        ("שלום Hi", True),
        ("Hi שלום", False),
        ("123 😀 שלום", True),
        ("123", False),
        ("", False),
    ],
)
def test_the_first_letter_tells_the_direction(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected


# the pane


@pytest.fixture
def pane(qtbot: QtBot, theme: Theme, worker: Worker) -> PreviewPane:
    made = PreviewPane(theme, worker)
    qtbot.addWidget(made)
    made.resize(340, 500)
    made.show()
    return made


def show(pane: PreviewPane, qtbot: QtBot, body: bytes) -> Notification:
    pane.show_body(body)
    expected = read_notification(body).notification
    assert expected is not None
    qtbot.waitUntil(lambda: pane.notification == expected and pane.canvas.isVisible(), timeout=LONG)
    return expected


def picture(pane: PreviewPane) -> QImage:
    """Without the corners, through which the window shows."""
    return pane.canvas.grab(pane.canvas.rect().adjusted(20, 20, -20, -20)).toImage()


def test_each_push_is_shown_on_its_own_phone(pane: PreviewPane, qtbot: QtBot) -> None:
    show(pane, qtbot, find("ios").body)
    assert pane.iphone.isChecked()
    assert pane.canvas.accessibleDescription() == "Your app, now. Your app. My Test: 123. Badge: 1."
    assert "approximation" in pane.notes.text()
    show(pane, qtbot, find("fcm").body)
    assert pane.android.isChecked()
    show(pane, qtbot, find("huawei").body)
    assert "Huawei" in pane.notes.text()


def test_the_other_phone_may_be_looked_at(pane: PreviewPane, qtbot: QtBot) -> None:
    show(pane, qtbot, find("ios").body)
    before = picture(pane)
    QTest.mouseClick(pane.android, LEFT)
    assert "This push is for iOS" in pane.notes.text()
    assert picture(pane) != before
    show(pane, qtbot, find("ios-rich").body)
    assert pane.android.isChecked(), "what was chosen stays while the service does"


def test_the_phones_scheme_is_its_own(pane: PreviewPane, qtbot: QtBot, theme: Theme) -> None:
    show(pane, qtbot, find("ios").body)
    light = picture(pane)
    theme.choose(Scheme.DARK)
    assert picture(pane) == light
    QTest.mouseClick(pane.dark, LEFT)
    assert picture(pane) != light


def test_unfolded_a_long_text_takes_more_room(pane: PreviewPane, qtbot: QtBot) -> None:
    show(pane, qtbot, find("ios-oversize").body)
    before = pane.canvas.height()
    QTest.mouseClick(pane.expanded, LEFT)
    assert pane.canvas.height() > before


@pytest.mark.parametrize("template", [one.name for one in all_templates()])
def test_every_template_is_drawn_on_both_phones(pane: PreviewPane, qtbot: QtBot, template: str) -> None:
    body = find(template).body
    if read_notification(body).notification is None:
        pane.show_body(body)
        qtbot.waitUntil(pane.empty.isVisible, timeout=LONG)
        return
    show(pane, qtbot, body)
    for phone in (pane.iphone, pane.android):
        phone.setChecked(True)
        assert not picture(pane).isNull()


def test_without_a_provider_it_says_what_to_write(pane: PreviewPane, qtbot: QtBot) -> None:
    show(pane, qtbot, find("ios").body)
    pane.show_body(b"{}")
    qtbot.waitUntil(pane.empty.isVisible, timeout=LONG)


def test_half_a_keystroke_keeps_what_was_there(pane: PreviewPane, qtbot: QtBot, worker: Worker) -> None:
    shown = show(pane, qtbot, find("ios").body)
    pane.show_body(b'{"aps": ')
    done: list[object] = []
    worker.submit("", lambda: None, done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=LONG)
    assert pane.notification == shown
    assert pane.canvas.isVisible()


def test_every_switch_has_a_name_and_a_key(pane: PreviewPane, qtbot: QtBot) -> None:
    show(pane, qtbot, find("ios").body)
    for button in (pane.iphone, pane.android, pane.dark, pane.expanded):
        assert button.accessibleName()
        assert button.shortcut().toString().startswith("Alt+")
        assert button.geometry().right() < pane.width()
        assert button.width() >= button.sizeHint().width()
    assert pane.minimumSizeHint().width() <= 340


def luminance(text: str) -> float:
    color = QColor(text)
    shares: tuple[float, ...] = color.redF(), color.greenF(), color.blueF()
    parts = [one / 12.92 if one <= 0.04045 else float(((one + 0.055) / 1.055) ** 2.4) for one in shares]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("looks", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_on_cards_are_readable(looks: object) -> None:
    chosen = LIGHT if looks is LIGHT else DARK
    for ink in (chosen.text, chosen.soft, chosen.urgent):
        for ground in (chosen.card, chosen.glass):
            one, other = sorted((luminance(ink), luminance(ground)))
            assert (other + 0.05) / (one + 0.05) >= 4.5


def test_a_low_pane_begins_with_the_notification(pane: PreviewPane, qtbot: QtBot) -> None:
    show(pane, qtbot, find("ios").body)
    bar = pane.findChildren(QScrollArea)[0].verticalScrollBar()
    assert bar.value() == 0
    pane.resize(340, 160)
    qtbot.waitUntil(lambda: 0 < bar.value() < pane.canvas.y() + pane.canvas.banner_top, timeout=LONG)
    pane.resize(340, 500)
    qtbot.waitUntil(lambda: bar.value() == 0, timeout=LONG)
