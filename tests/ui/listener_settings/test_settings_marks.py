"""What of the listener is always visible."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.history.model import Counts
from inspector.listen_request import ForwardRequest, ListenRequest
from inspector.ui.listen_marks import marks
from inspector.ui.status_line import StatusLine
from inspector.ui.theme import Theme


def shown(request: ListenRequest) -> dict[str, str]:
    found = marks(request, listening=True)
    return {key: chip.text for key, chip in found.items() if chip is not None}


def test_nothing_is_marked_that_is_as_usual() -> None:
    assert shown(ListenRequest()) == {}
    assert shown(ListenRequest(auth="mtls+basic", basic_user="u", basic_password="p", host="::1")) == {}
    assert shown(ListenRequest(host="localhost")) == {}


@pytest.mark.parametrize(
    ("request_", "key", "text"),
    [
        (ListenRequest(auth="none"), "auth", "Anybody is let in"),
        (ListenRequest(auth="basic"), "auth", "Password only"),
        (ListenRequest(lenient=True), "lenient", "Lenient"),
        (ListenRequest(host="0.0.0.0"), "addresses", "On all addresses"),
        (ListenRequest(host="::"), "addresses", "On all addresses"),
        (ListenRequest(host="192.168.1.20"), "addresses", "On 192.168.1.20"),
        (ListenRequest(certificate_header="X-Cert"), "plain_http", "Plain HTTP"),
        (
            ListenRequest(key_log=Path("keys.log")),
            "key_log",
            "TLS keys are being written to keys.log",
        ),
        (
            ListenRequest(forward=ForwardRequest("https://proxy.example:8443/push")),
            "forward",
            "Forwarding to proxy.example",
        ),
        (
            ListenRequest(forward=ForwardRequest("https://proxy.example/", insecure=True)),
            "forward",
            "Forwarding to proxy.example, unchecked",
        ),
    ],
)
def test_what_is_out_of_the_ordinary_is_marked_in_words(request_: ListenRequest, key: str, text: str) -> None:
    assert shown(request_) == {key: text}


def test_where_no_certificate_is_asked_for_lenient_means_nothing() -> None:
    assert "lenient" not in shown(ListenRequest(auth="none", lenient=True))


ALL = ListenRequest(
    auth="none",
    host="0.0.0.0",
    key_log=Path("tls-keys.log"),
    forward=ForwardRequest("https://proxy.example.com:8443/push", insecure=True),
    certificate_header="X-Cert",
)


@pytest.mark.parametrize("width", [900, 1024, 1440, 2000])
def test_the_chips_have_room_at_every_width(qtbot: QtBot, qapp: QApplication, width: int) -> None:
    theme = Theme(qapp)
    theme.dress()
    line = StatusLine(theme)
    qtbot.addWidget(line)
    for key, chip in marks(ALL, listening=True).items():
        line.chips.put(key, chip)
    line.show_counts(Counts(12_345, 67, 8))
    line.show_vault("vault: key file  ·  dev-client: 364 days", "where the keys are")
    line.resize(width, 26)
    line.show()
    qapp.processEvents()
    end = 0
    for key, chip in line.chips.shown.items():
        button = line.chips.button(key)
        assert button.text() in (chip.text, chip.short)
        assert button.fontMetrics().horizontalAdvance(button.text()) + 12 < button.width()
        assert button.x() >= end
        assert button.accessibleName() == chip.text
        end = button.geometry().right()
    assert end <= line.chips.width()
    vault = line.findChild(QWidget, "status_vault")
    assert vault is not None
    if vault.isVisible():
        assert line.chips.geometry().right() < vault.x()
        assert vault.geometry().right() <= line.width() - 12
    if width == 2000:
        assert all(line.chips.button(key).text() == chip.text for key, chip in line.chips.shown.items())


def test_a_message_takes_the_vault_s_place_where_there_is_too_little_room(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme = Theme(qapp)
    line = StatusLine(theme)
    qtbot.addWidget(line)
    line.show_vault("vault: key file  ·  dev-client: 364 days", "where the keys are")
    line.resize(640, 26)
    line.show()
    vault = line.findChild(QWidget, "status_vault")
    assert vault is not None
    assert vault.isVisible()
    line.say("A message that needs about as much room as the vault does, and then some")
    assert not vault.isVisible()
    line.say("")
    assert vault.isVisible()
    line.resize(1600, 26)
    line.say("Short")
    assert vault.isVisible()
