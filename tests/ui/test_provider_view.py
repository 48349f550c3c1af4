"""What a correct proxy would send on, as the composer shows it, and the size in the line below the editor."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from inspector.sender.templates import find
from inspector.ui.composer.body_check import check_body
from inspector.ui.composer.check_line import CheckLine
from inspector.ui.composer.provider_text import LONGEST_LINE, MOST_LINES, show_provider
from inspector.ui.composer.provider_view import ProviderView
from inspector.ui.composer.size_words import size_tip, size_words
from inspector.ui.theme import Scheme, Theme
from inspector.ui.worker import Worker

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

LONG = 15_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot, theme: Theme, worker: Worker) -> ProviderView:
    made = ProviderView(theme, worker)
    qtbot.addWidget(made)
    made.resize(340, 600)
    made.show()
    return made


def show(view: ProviderView, qtbot: QtBot, body: bytes, title: str) -> None:
    view.show_body(body)
    qtbot.waitUntil(lambda: view.title.text() == title and view.body.isVisible(), timeout=LONG)


def row_of(view: ProviderView, words: str) -> int:
    texts = [view.changes.item(row).text() for row in range(view.changes.count())]
    return next(row for row, text in enumerate(texts) if words in text)


def test_the_request_is_shown_and_a_change_leads_to_its_place(view: ProviderView, qtbot: QtBot) -> None:
    show(view, qtbot, find("ios").body, "APNs")
    assert view.request.text() == "POST https://api.push.apple.com/3/device/01…59"
    assert "/ 4,096 B" in view.amount.text()
    row = row_of(view, "badge copied into aps")
    assert "(line\u00a05)" in view.changes.item(row).text()
    view.changes.setCurrentRow(row)
    QTest.keyClick(view.changes, Qt.Key.Key_Return)
    assert view.body.textCursor().selectedText() == '"badge": 1'
    washed = [mark.cursor.selectedText() for mark in view.body.extraSelections()]
    assert '"badge": 1' in washed


def test_what_is_left_out_leads_back_into_the_push(view: ProviderView, qtbot: QtBot) -> None:
    show(view, qtbot, find("fcm").body, "FCM")
    item = view.changes.item(row_of(view, "left out"))
    with qtbot.waitSignal(view.origin_chosen) as chosen:
        view.changes.itemActivated.emit(item)
    assert chosen.args == ["push-service"]


def test_the_token_shows_only_when_it_is_asked_for(view: ProviderView, qtbot: QtBot) -> None:
    show(view, qtbot, find("huawei").body, "Huawei")
    assert "01408800000259" not in view.text() + view.body.text()
    QTest.mouseClick(view.reveal, LEFT)
    qtbot.waitUntil(lambda: "01408800000259" in view.body.text(), timeout=LONG)
    assert "01408800000259" in view.text()


def test_it_is_copied_in_three_ways(view: ProviderView, qtbot: QtBot) -> None:
    show(view, qtbot, find("fcm").body, "FCM")
    copied = []
    for action in view.copy_button.menu().actions():
        with qtbot.waitSignal(view.message):
            action.trigger()
        copied.append(QApplication.clipboard().text())
    assert copied[0].startswith("POST https://fcm.googleapis.com/")
    assert json.loads(copied[1])["message"]["data"]["message"] == "My Test: 456"
    assert copied[2].startswith("curl ")
    assert "<access token>" in copied[2]


def test_without_a_provider_it_says_what_to_write(view: ProviderView, qtbot: QtBot) -> None:
    show(view, qtbot, find("ios").body, "APNs")
    view.show_body(b'{"a": 1}')
    qtbot.waitUntil(view.empty.isVisible, timeout=LONG)
    assert not view.body.isVisible()
    show(view, qtbot, find("ios").body, "APNs")


def test_half_a_keystroke_keeps_what_was_there(view: ProviderView, qtbot: QtBot) -> None:
    show(view, qtbot, find("ios").body, "APNs")
    before = view.body.text()
    view.show_body(b'{"aps": ')
    qtbot.waitUntil(lambda: "as of the last text" in view.amount.text(), timeout=LONG)
    assert view.body.text() == before


def test_a_hidden_view_does_nothing_until_it_is_seen(view: ProviderView, qtbot: QtBot) -> None:
    view.hide()
    view.show_body(find("ios").body)
    assert view.title.text() == ""
    view.show()
    qtbot.waitUntil(lambda: view.title.text() == "APNs", timeout=LONG)


def test_too_large_is_said_in_words(view: ProviderView, qtbot: QtBot) -> None:
    show(view, qtbot, find("ios-oversize").body, "APNs")
    assert view.amount.text().endswith("too large")
    assert view.amount.property("role") == "bad"


def test_the_scheme_may_change(view: ProviderView, qtbot: QtBot, theme: Theme) -> None:
    show(view, qtbot, find("ios").body, "APNs")
    theme.choose(Scheme.DARK)
    assert view.body.extraSelections()


def test_nothing_makes_it_wider_than_the_pane(view: ProviderView, qtbot: QtBot) -> None:
    show(view, qtbot, find("ios").body, "APNs")
    assert view.minimumSizeHint().width() <= 340


def test_a_very_long_line_is_cut_where_it_is_shown_and_whole_where_it_is_copied() -> None:
    message = '"\\' * (2 * LONGEST_LINE)
    document = {"push-service": 3, "notificationType": "huawei", "data": {"message": message}}
    shown = show_provider(json.dumps(document).encode(), reveal=False)
    assert max(map(len, shown.text.split("\n"))) < LONGEST_LINE + 50
    assert json.loads(shown.text)
    assert json.loads(json.loads(shown.body)["message"]["data"])["message"] == message


def test_thousands_of_lines_are_cut_where_they_are_shown() -> None:
    document = {**json.loads(find("ios").body), **{f"key{number}": number for number in range(5000)}}
    document["aps"] = document.pop("aps")  # so that what changed is at the end
    shown = show_provider(json.dumps(document).encode(), reveal=False)
    assert shown.text.count("\n") == MOST_LINES
    assert shown.text.endswith("more lines; what is copied has them all")
    assert len(json.loads(shown.body)) > 5000
    assert all(place.line <= MOST_LINES for place in shown.places)


# the size in the line below the editor


def oversized(more: int) -> bytes:
    """The documented iOS push, its alert so long that APNs gets 4,096 bytes and some more."""
    document = json.loads(find("ios").body)
    document["aps"]["alert"] = ""
    own = check_body(json.dumps(document).encode()).own_size
    assert own is not None
    document["aps"]["alert"] = "x" * (4096 - own.size + more)
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("more", "words", "fullness"),
    [
        (-410, "APNs 3,686 / 4,096 B", ""),
        (-409, "APNs 3,687 / 4,096 B", "near"),
        (0, "APNs 4,096 / 4,096 B", "near"),
        (1, "APNs 4,097 / 4,096 B, too large", "over"),
    ],
)
def test_the_size_is_the_providers(more: int, words: str, fullness: str) -> None:
    check = check_body(oversized(more))
    assert (size_words(check)[0], check.fullness) == (words, fullness)


def test_the_tip_has_every_provider() -> None:
    check = check_body(find("huawei").body)
    lines = size_tip(check).splitlines()
    assert lines[0].startswith("Sent on to Huawei: ")
    assert [line.split(":")[0] for line in lines[1:]] == ["As APNs", "As FCM", "To the push proxy"]
    assert "does not say which provider" in size_tip(check_body(b"{}"))
    assert "no JSON object" in size_tip(check_body(b"[]"))
    assert size_words(check_body(b"[]")) == ("2 B", "2 B")


def test_the_line_says_less_where_there_is_little_room(qtbot: QtBot, theme: Theme) -> None:
    line = CheckLine(theme)
    qtbot.addWidget(line)
    line.resize(700, 36)
    line.show()
    line.show_check(check_body(find("ios-oversize").body))
    assert line.problems.text().endswith("1 refused further on")
    line.resize(340, 36)
    qtbot.waitUntil(lambda: line.problems.text() == "1 refused", timeout=LONG)
    assert line.counter.text() == "592 B over"
    assert line.problems.geometry().right() < line.format.geometry().left()
    assert line.format.geometry().right() < line.width()
    line.resize(700, 36)
    qtbot.waitUntil(lambda: line.problems.text().endswith("further on"), timeout=LONG)


def test_a_low_view_scrolls_instead_of_pushing_its_lines_together(view: ProviderView, qtbot: QtBot) -> None:
    view.setMinimumSize(240, 120)  # as the pane around it has it
    view.resize(340, 140)
    show(view, qtbot, find("ios").body, "APNs")

    def lines() -> list[int]:
        return sorted({one.y() for one in view.headers.findChildren(QLabel) if one.isVisibleTo(view)})

    qtbot.waitUntil(lambda: len(lines()) == 7, timeout=LONG)
    height = view.headers.findChildren(QLabel)[0].height()
    qtbot.waitUntil(lambda: all(below - above >= height for above, below in pairwise(lines())), timeout=LONG)
    assert view.body.y() > view.headers.geometry().bottom()


def test_the_size_is_said_at_length_again_once_a_deed_has_lost_its_words(qtbot: QtBot, theme: Theme) -> None:
    line = CheckLine(theme)
    qtbot.addWidget(line)
    deed = QToolButton()
    deed.setText("A deed that takes a lot of room in the line")
    line.add_button(deed)
    line.resize(420, 40)
    line.show()
    line.show_check(check_body(find("ios").body))
    qtbot.waitUntil(lambda: "APNs" not in line.counter.text(), timeout=LONG)
    deed.setText("+")
    qtbot.waitUntil(lambda: "APNs" in line.counter.text(), timeout=LONG)
