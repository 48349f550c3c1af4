"""The composer's parts by themselves: bytes as text, words, fields and the phases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.contract.push import Service, Severity
from inspector.history.model import Connection, Timings, TlsFacts
from inspector.sender.cancel import Cancel
from inspector.sender.model import ClientAuth, SendFailure, SendResult
from inspector.sender.templates import all_templates, find
from inspector.ui.composer.answer_text import answer_summary, answer_text
from inspector.ui.composer.body import LONGEST_LINE, open_body
from inspector.ui.composer.body_check import check_body
from inspector.ui.composer.check_line import CheckLine
from inspector.ui.composer.phase_bar import PhaseBar, milliseconds, phases
from inspector.ui.composer.result_view import ResultView
from inspector.ui.composer.runner import Report, SendRunner
from inspector.ui.composer.send_row import SendRow
from inspector.ui.composer.target_field import MOST_RECENT, TargetField
from inspector.ui.composer.template_combo import TemplateCombo
from inspector.ui.composer.wording import failure_headline
from inspector.ui.json_editor import JsonEditor
from inspector.ui.outcome.facts import alert_sentence
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)

LEFT = Qt.MouseButton.LeftButton


def result(
    status: int | None = 200,
    *,
    url: str = "https://proxy.example/",
    failure: SendFailure | None = None,
    trusted: bool = True,
    asked: bool = True,
    body: bytes = b"",
) -> SendResult:
    return SendResult(
        at=1_700_000_000_000_000,
        url=url,
        request_headers=(),
        status=None if failure else status,
        http_version="HTTP/1.1",
        answer_headers=(("Content-Type", "text/plain"),),
        answer_body=body,
        timings=Timings(connect=1.0, tls=20.0, send=0.25, wait=15.5, read=0.1, total=41.2),
        connection=Connection("192.0.2.1:443", "192.0.2.2:50000", None, trusted, TlsFacts("TLSv1.3", "AES")),
        failure=failure,
        client_auth=ClientAuth(asked=asked, presented=asked),
    )


# bytes and text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"a": "\xff"}', "not UTF-8 (byte FF at 7)"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b"{\r\n}", "carriage returns"),
        ("{\u2029}".encode(), "U+2029"),
        ("\ufdd0".encode(), "U+FDD0"),
    ],
)
def test_a_body_that_no_text_can_hold_says_why(raw: bytes, reason: str) -> None:
    opened = open_body(raw)
    assert opened.raw == raw
    assert reason in opened.reason


@pytest.mark.parametrize("raw", [b"", b"{}", "é\u00a0\u2028 😀\t".encode(), b"not json", b"\n\n"])
def test_other_bodies_are_their_text(raw: bytes) -> None:
    assert open_body(raw).reason == ""
    assert open_body(raw).text.encode() == raw


def test_a_very_long_line_is_shown_laid_out(qtbot: QtBot) -> None:
    raw = b'{"list":[' + b",".join(b"1.50" for _ in range(LONGEST_LINE // 4)) + b"]}"
    opened = open_body(raw)
    assert "laid out" in opened.reason
    assert max(map(len, opened.text.split("\n"))) < 20
    assert "1.50" in opened.text
    assert open_body(b"x" * (LONGEST_LINE + 1)).reason == ""


@given(st.binary(max_size=40) | st.text(max_size=20).map(str.encode))
def test_opening_never_fails_and_promises_nothing_false(raw: bytes) -> None:
    opened = open_body(raw)
    assert opened.raw == raw
    assert opened.reason or opened.text.encode() == raw


@pytest.mark.parametrize("raw", [b"\xff\r\n\xc3", b"\xef\xbb\xbf{\r}", "a\u2029b\ufdd1c\r\nd".encode()])
def test_the_shown_text_is_what_the_editor_gives_back(qtbot: QtBot, theme: Theme, raw: bytes) -> None:
    editor = JsonEditor(theme)
    qtbot.addWidget(editor)
    editor.replace_text(open_body(raw).text)
    assert editor.text() == open_body(raw).text


def test_a_check_counts_bytes_and_knows_the_worst() -> None:
    assert check_body(find("ios").body).problems == ()
    check = check_body('{"é": 1}'.encode())
    assert check.size == 9
    assert check.service is Service.UNKNOWN
    assert check.worst is Severity.ERROR
    assert check_body(b"").worst is Severity.ERROR


# words


@pytest.mark.parametrize(
    ("spent", "text"),
    [(0.123, "0.12 ms"), (1.26, "1.3 ms"), (99.96, "100.0 ms"), (123.4, "123 ms"), (30_012.0, "30.0 s")],
)
def test_durations(spent: float, text: str) -> None:
    assert milliseconds(spent) == text


def test_every_failure_has_a_headline() -> None:
    assert failure_headline("connect_failed") == "Could not connect"
    assert failure_headline("something_new") == "Something new"


# the result


def test_an_accepted_push(qtbot: QtBot, worker: Worker, theme: Theme) -> None:
    view = ResultView(worker, theme)
    qtbot.addWidget(view)
    view.show()
    view.show_result(result(200, body=b"ok"))
    assert view.headline == "200 accepted · 41.2 ms"
    assert view.text() == view.headline
    assert view.accessibleDescription() == view.text()


def test_a_failure_has_its_next_step(qtbot: QtBot, worker: Worker, theme: Theme) -> None:
    view = ResultView(worker, theme)
    qtbot.addWidget(view)
    failure = SendFailure(
        "tls_refused", "The server wants one.", "Look at --this. Do that.", "[SSL]", "unknown_ca"
    )
    shown = result(failure=failure)
    view.show_result(shown)
    assert alert_sentence(shown).startswith("Alert unknown_ca: the CA that issued")
    assert view.text().split("\n") == [
        "They turned us down · 41.2 ms",
        "The server wants one.",
        alert_sentence(shown),
        "Do that.",
    ]


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (result(url="http://proxy.example/"), "without TLS"),
        (result(trusted=False), "not checked"),
        (result(asked=False), "did not ask for a client certificate"),
        (result(400, body=b"No required SSL certificate was sent"), "nginx"),
        (result(500), "500 error while processing"),
    ],
)
def test_what_is_odd_about_an_answer_is_said(
    qtbot: QtBot, worker: Worker, theme: Theme, shown: SendResult, words: str
) -> None:
    view = ResultView(worker, theme)
    qtbot.addWidget(view)
    view.show_result(shown)
    assert words in view.text()
    assert "--" not in view.text()


def test_attempts_are_listed(qtbot: QtBot, worker: Worker, theme: Theme) -> None:
    view = ResultView(worker, theme)
    qtbot.addWidget(view)
    gone = result(failure=SendFailure("dropped", "Gone.", ""))
    view.show_result(result(200), (result(500), gone, result(200)))
    assert "3 attempts: 500, closed without an answer, 200" in view.text()


def test_the_answer_as_it_came() -> None:
    text = answer_text(result(418, body=b"tea\xff"))
    assert text == "HTTP/1.1 418 I'm a Teapot\nContent-Type: text/plain\n\ntea\ufffd"
    assert answer_text(result(body=b'{"a":1.50,"b":[]}')).endswith('\n\n{\n  "a": 1.50,\n  "b": []\n}')
    assert answer_text(result(body=b'{"a":')).endswith('\n\n{"a":')
    assert answer_text(result(299)).startswith("HTTP/1.1 299\n")
    assert "1,000 more bytes" in answer_text(result(body=b"x" * (64 * 1024 + 1000)))
    assert answer_summary(result(body=b"x")) == "Answer: 1 header, body 1 B"
    assert answer_summary(result()) == "Answer: 1 header, no body"


def test_phases_that_did_not_happen_are_not_shown(qtbot: QtBot, theme: Theme) -> None:
    kept_alive = Timings(send=0.5, wait=2.0, total=2.5)
    assert phases(kept_alive) == (("send", 0.5), ("wait", 2.0))
    bar = PhaseBar(theme)
    qtbot.addWidget(bar)
    bar.resize(300, 100)
    bar.show_timings(kept_alive, failed=True)
    assert bar.text() == "send 0.50 ms, wait 2.0 ms"
    assert bar.accessibleDescription() == bar.text()
    assert not bar.grab().isNull()
    bar.show_timings(Timings(), failed=True)
    assert bar.isHidden()


# fields


def test_a_target_is_judged_when_the_typing_pauses(qtbot: QtBot) -> None:
    field = TargetField()
    qtbot.addWidget(field)
    field.show()
    seen: list[object] = []
    field.judged.connect(seen.append)
    with qtbot.waitSignal(field.judged, check_params_cb=lambda error: error is not None, timeout=3000):
        QTest.keyClicks(field, "ftp://proxy")
    assert field.property("state") == "bad"
    field.setText("proxy.example:8443")
    assert field.property("state") == ""
    assert seen[-1] is None
    assert field.url() == "https://proxy.example:8443/"
    field.setText("")
    assert seen[-1] is None


def test_recent_targets_hold_no_secret_and_not_too_many(qtbot: QtBot) -> None:
    field = TargetField()
    qtbot.addWidget(field)
    field.setText("being typed")
    field.set_recent(["https://user:secret@proxy.example/", "", "nonsense x", "https://a.example/"])
    assert field.recent == ["https://a.example/"]
    for number in range(MOST_RECENT + 3):
        field.remember(f"https://h{number}.example/")
    field.remember("https://h5.example/")
    assert len(field.recent) == MOST_RECENT
    assert field.recent[:2] == ["https://h5.example/", "https://h10.example/"]
    assert field.text() == "being typed"


def test_the_listener_is_the_target_until_another_is_chosen(qtbot: QtBot) -> None:
    field = TargetField()
    qtbot.addWidget(field)
    field.follow_listener("https://127.0.0.1:8443/")
    field.follow_listener("")
    assert field.text() == "https://127.0.0.1:8443/"
    field.follow_listener("https://127.0.0.1:9000/")
    assert field.text() == "https://127.0.0.1:9000/"
    field.setText("https://proxy.example/")
    field.follow_listener("https://127.0.0.1:9001/")
    assert field.text() == "https://proxy.example/"


def test_templates_are_grouped_and_each_can_be_picked(qtbot: QtBot) -> None:
    combo = TemplateCombo()
    qtbot.addWidget(combo)
    combo.show()
    names = {combo.itemData(row) for row in range(combo.count())} - {None}
    assert names == {template.name for template in all_templates()}
    assert not combo.model().flags(combo.model().index(0, 0)) & Qt.ItemFlag.ItemIsSelectable
    with qtbot.waitSignal(combo.picked) as picked:
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert picked.args is not None
    assert combo.name == picked.args[0].name != "ios"
    combo.show_other("From #7")
    assert combo.name == ""


def test_the_line_below_the_editor(qtbot: QtBot, theme: Theme) -> None:
    line = CheckLine(theme)
    qtbot.addWidget(line)
    line.resize(700, 36)
    line.show()
    line.show_check(check_body(find("fcm").body))
    assert line.chip.text() == "FCM"
    assert line.counter.text().startswith("FCM 2")
    assert line.counter.text().endswith(" / 4,096 B")
    assert "As APNs: " in line.counter.toolTip()
    assert f"To the push proxy: {len(find('fcm').body)} bytes" in line.counter.toolTip()
    assert line.problems.text() == "No problems"
    assert not line.problems.isEnabled()
    line.show_check(check_body(b'{"aps": {"alert": "%s"}}' % (b"x" * 4096)))
    assert "4,1" in line.counter.text()
    assert line.counter.property("role") == "bad"
    assert "more than APNs takes" in line.counter.toolTip()
    QTest.mouseClick(line.problems, LEFT)
    assert line.list.isVisible()
    problems, refusals = line.problems.text().split(" · ")
    assert line.list.count() == int(problems.split()[0]) + int(refusals.split()[0])
    with qtbot.waitSignal(line.problem_chosen) as chosen:
        line.list.itemActivated.emit(line.list.item(0))
    assert chosen.args is not None
    assert chosen.args[0].message == line.list.item(0).text()
    line.show_check(check_body(find("ios").body))
    assert not line.list.isVisible()


def test_what_the_provider_would_refuse_stands_apart(qtbot: QtBot, theme: Theme) -> None:
    line = CheckLine(theme)
    qtbot.addWidget(line)
    line.resize(700, 36)
    line.show()
    line.show_check(check_body(find("ios-oversize").body))
    assert line.problems.text() == "No problems · 1 refused further on"
    assert "iOS would refuse" in line.problems.toolTip()
    QTest.mouseClick(line.problems, LEFT)
    assert "413 PayloadTooLarge" in line.list.item(0).text()
    line.show_check(check_body(find("fcm").body))
    assert line.problems.text() == "No problems", "what a proxy changes with every push is no news"


def test_a_double_click_on_send_does_not_cancel(qtbot: QtBot, theme: Theme) -> None:
    row = SendRow(theme)
    qtbot.addWidget(row)
    row.show()
    seen: list[str] = []
    row.send_wanted.connect(lambda: seen.append("send"))
    row.send_wanted.connect(lambda: row.show_sending("Sending"))
    row.cancel_wanted.connect(lambda: seen.append("cancel"))
    QTest.mouseClick(row.button, LEFT)
    spot = QPointF(row.button.rect().center())
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        QApplication.sendEvent(
            row.button, QMouseEvent(kind, spot, spot, LEFT, LEFT, Qt.KeyboardModifier.NoModifier)
        )
    assert seen == ["send"]
    QTest.mouseClick(row.button, LEFT)
    assert seen == ["send", "cancel"]
    row.show_waiting("Attempt 2 of 4", 9.0)
    assert row.progress == "Attempt 2 of 4 in 9 s"
    assert row.button.text() == "Cancel"
    row.show_idle()
    assert (row.progress, row.button.text()) == ("", "Send")


# the thread


def test_what_the_work_reports_and_returns_comes_to_the_ui_thread_in_order(qtbot: QtBot) -> None:
    runner = SendRunner()
    seen: list[object] = []
    runner.reported.connect(seen.append)
    runner.finished.connect(lambda outcome: seen.append((outcome, runner.running)))

    def work(cancel: Cancel, report: Report) -> str:
        report(1)
        report(2)
        return "end"

    with qtbot.waitSignal(runner.finished, timeout=5000):
        assert runner.start(work)
        assert not runner.start(work)
    assert seen == [1, 2, ("end", False)]
    runner.close()


def test_an_exception_ends_the_work(qtbot: QtBot) -> None:
    runner = SendRunner()
    with qtbot.waitSignal(runner.failed, timeout=5000) as failed:
        runner.start(lambda cancel, report: 1 // 0)
    assert failed.args is not None
    assert isinstance(failed.args[0], ZeroDivisionError)
    runner.close()
    assert not runner.start(lambda cancel, report: None)


def test_closing_cancels_and_waits(qtbot: QtBot) -> None:
    runner = SendRunner()
    seen: list[object] = []
    runner.finished.connect(seen.append)
    runner.start(lambda cancel, report: cancel.wait(60))
    runner.close()
    assert not runner.running
    QApplication.processEvents()
    assert seen == []
