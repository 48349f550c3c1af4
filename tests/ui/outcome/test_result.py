"""The composer's result with real servers: refused by an alert, sent again, compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from inspector.certificates import mint
from inspector.certificates.mint import DevIdentities
from inspector.contract.answers import RETRY_ATTEMPTS, RETRY_INTERVAL_SECONDS
from inspector.sender.request import SendRequest, TrustKind
from inspector.ui.composer.composer import Composer
from tests.sender.conftest import Nginx, OpensslServer, ToFiles
from tests.ui.composing import IGNORED, LONG, MakeComposer, send

pytestmark = IGNORED


def test_accepted_by_nginx_with_the_facts_of_both_sides(
    composer: Composer, nginx: Nginx, qtbot: QtBot
) -> None:
    result = send(composer, qtbot, f"https://localhost:{nginx.required}/push")
    assert result.status == 200
    view = composer.result
    assert view.headline.startswith("200 accepted")
    assert view.tls.text() == "TLSv1.3 · our certificate sent"
    view.tls.click()
    shown = view._facts.text()
    assert "Sent: as dev-client" in shown
    assert "Trust: verified" in shown
    assert view.compare.isHidden(), "there is nothing to compare with yet"


def test_an_alert_after_the_handshake_is_in_words(
    composer: Composer, openssl_server: OpensslServer, to_files: ToFiles, dev: DevIdentities, qtbot: QtBot
) -> None:
    other = to_files(mint.make_ca("other-ca"))
    port = openssl_server(
        to_files(dev.server), "-Verify", "2", "-CAfile", other.ca, "-verify_return_error", "-tls1_3"
    )
    send(composer, qtbot, f"https://localhost:{port}/")
    assert composer.result.headline.startswith("They turned us down")
    assert "Alert unknown_ca: the CA that issued the certificate is not trusted." in composer.result.text()
    assert "after the handshake" in composer.result.text()


def test_each_attempt_can_be_looked_at(composer: Composer, nginx: Nginx, qtbot: QtBot) -> None:
    composer.send_row.retry.setChecked(True)
    composer.send_row.pace.choose(0.02, 3)
    send(composer, qtbot, f"https://localhost:{nginx.required}/503")
    view = composer.result
    assert view.attempts.attempts.rowCount() == 3
    assert view.attempts.isVisible()
    assert "3 attempts: 503, 503, 503" in view.text()
    last = view.result
    view.attempts.selectRow(0)
    assert view.result is view.attempts.attempts.attempts[0]
    assert view.result is not last
    assert view.result is not None
    assert view.result.timings.connect is not None, "the first one had to connect"


def test_compared_with_the_one_before_and_others(composer: Composer, nginx: Nginx, qtbot: QtBot) -> None:
    for path in ("push", "503", "500"):
        send(composer, qtbot, f"https://localhost:{nginx.required}/{path}")
    view = composer.result
    view.compare.click()
    qtbot.waitUntil(lambda: view.difference.difference is not None, timeout=LONG)
    assert "Result: 503 before, now 500" in view.difference.text()
    view.difference.which.setCurrentIndex(1)
    view.difference.which.activated.emit(1)
    qtbot.waitUntil(lambda: "Result: 200 before, now 500" in view.difference.text(), timeout=LONG)
    assert "TLS" in view.difference.text()
    send(composer, qtbot, f"https://localhost:{nginx.required}/push")
    qtbot.waitUntil(lambda: "Result: 500 before, now 200" in view.difference.text(), timeout=LONG)


def test_the_pace_of_the_retry(composer: Composer, make_composer: MakeComposer, qtbot: QtBot) -> None:
    pace = composer.send_row.pace
    assert (pace.interval, pace.attempts) == (RETRY_INTERVAL_SECONDS, RETRY_ATTEMPTS)
    pace.click()
    assert pace.popover.isVisible()
    every, times = pace.popover.every, pace.popover.times
    assert isinstance(every, QDoubleSpinBox)
    assert isinstance(times, QSpinBox)
    field = times.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "7")
    assert pace.attempts == 7
    assert pace.text() == "7 ×"
    assert "up to 7 attempts" in composer.send_row.retry.toolTip()
    pace.popover.close()
    other = make_composer()
    other.restore_state(composer.save_state())
    assert other.send_row.pace.attempts == 7


@pytest.mark.parametrize("width", [340, 480, 640])
def test_nothing_is_wider_than_the_pane(composer: Composer, nginx: Nginx, qtbot: QtBot, width: int) -> None:
    composer.resize(640, 900)
    for path in ("push", "503"):
        send(composer, qtbot, f"https://localhost:{nginx.required}/{path}")
    for fold in (composer.result.tls, composer.result.more, composer.result.compare):
        fold.setChecked(True)
    qtbot.waitUntil(lambda: composer.result.difference.difference is not None, timeout=LONG)
    composer.resize(width, 900)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: composer.result.width() <= width)
    assert composer.send_row.retry.width() >= composer.send_row.retry.sizeHint().width()


def test_a_ca_file_that_is_gone_is_not_said_at_the_identity(
    composer: Composer, tmp_path: Path, qtbot: QtBot
) -> None:
    composer.form.settings.state.load(
        SendRequest("", trust=TrustKind.FILES, ca_files=(tmp_path / "gone.pem",))
    )
    composer.set_target("https://127.0.0.1:1/")
    with qtbot.waitSignal(composer.dispatch.failed, timeout=LONG):
        composer.send()
    assert composer.result.headline == "Not sent"
    assert "gone.pem" in composer.result.text()
    assert composer.form.identity_note.isHidden()
