"""The details: every fact, the chain, the findings, and that nothing is cut."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from inspector.certificates.describe import pem
from inspector.certificates.mint import DevIdentities, issue, make_ca
from inspector.certificates.model import Identity, VaultEntry
from inspector.ui.certificates.contents import listed
from inspector.ui.certificates.details import CHAIN, CertificateDetails
from inspector.ui.certificates.note import Note
from inspector.ui.theme import Scheme, Theme

Show = Callable[..., None]

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)


@pytest.fixture
def details(theme: Theme, qtbot: QtBot) -> CertificateDetails:
    details = CertificateDetails(theme)
    qtbot.addWidget(details)
    details.resize(428, 700)
    details.show()
    return details


@pytest.fixture
def show(details: CertificateDetails) -> Show:
    def show(identity: Identity, *, has_key: bool = True, known: tuple[Identity, ...] = ()) -> None:
        now = datetime.now(UTC)
        entry = VaultEntry(identity.name, identity.chain, has_key, False, "2026-01-01T00:00:00Z")
        details.show_entry(listed(entry, now, tuple(one.leaf for one in known)), now)

    return show


def notes(details: CertificateDetails) -> list[str]:
    return [note.message.text() for note in details.findChildren(Note) if note.isVisibleTo(details)]


def _fits(body: QWidget, scroll: QScrollArea) -> bool:
    return body.width() <= scroll.viewport().width()


def openssl(text: str, *options: str) -> str:
    command = ["openssl", "x509", "-noout", *options]
    return subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout.strip()


def test_the_facts_are_those_that_openssl_tells(
    details: CertificateDetails, show: Show, dev: DevIdentities
) -> None:
    show(dev.server)
    text, value = pem(dev.server.leaf), details.facts.text
    fingerprint = openssl(text, "-fingerprint", "-sha256").partition("=")[2]
    assert value("SHA-256") == fingerprint.replace(":", "").lower()
    assert value("Serial") == openssl(text, "-serial").partition("=")[2].lower()
    assert value("Subject") == "CN=dev-server\nO=Push Inspector"
    assert value("Issuer") == "CN=dev-ca\nO=Push Inspector"
    assert value("Names") == "localhost\n127.0.0.1\n::1"
    assert value("Use") == "Server"
    assert value("Key") == "ECDSA P-256"
    assert value("Signature") == "ECDSA SHA-256"
    assert value("Valid until").endswith("364 days left")
    assert details.kind.text() == "Server identity · 364 days left"
    assert notes(details) == []


def test_each_certificate_of_the_chain_can_be_looked_at(
    details: CertificateDetails, show: Show, dev: DevIdentities, qtbot: QtBot
) -> None:
    show(dev.client)
    assert details.chain.text() == "dev-client\n  dev-ca · root CA"
    details.tabs.setCurrentIndex(CHAIN)
    details.chain.setFocus()
    QTest.keyClick(details.chain, Qt.Key.Key_Down)
    assert details.chain_view.facts.text("Subject") == "CN=dev-ca\nO=Push Inspector"
    assert details.chain_view.facts.text("Issuer") == "itself (self-signed)"
    assert details.facts.text("Subject") == "CN=dev-client\nO=Push Inspector"
    with qtbot.waitSignal(details.message) as said:
        QTest.keyClick(details.chain, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert said.args == ["Copied the certificate of dev-ca as PEM."]
    assert QGuiApplication.clipboard().text() == pem(dev.ca.leaf)
    with qtbot.waitSignal(details.left):
        QTest.keyClick(details.chain, Qt.Key.Key_Escape)


def test_the_fingerprint_is_copied_plain(
    details: CertificateDetails, show: Show, dev: DevIdentities, qtbot: QtBot
) -> None:
    show(dev.server)
    with qtbot.waitSignal(details.message):
        details.facts.copy_button.click()
    assert QGuiApplication.clipboard().text() == details.facts.text("SHA-256")


def test_a_missing_issuer_stands_in_the_chain_and_among_the_findings(
    details: CertificateDetails, show: Show
) -> None:
    root = make_ca("root")
    middle = make_ca("middle", issuer=root)
    leaf = issue(middle, "leaf", purposes=("client",))
    alone = Identity("alone", leaf.chain[:1], leaf.key)
    show(alone, known=(root, middle))
    assert details.chain.text() == "leaf\n  middle · not in this entry"
    assert "intermediate" in notes(details)[0]
    advice = [note.advice.text() for note in details.findChildren(Note) if note.isVisibleTo(details)]
    assert "together with its issuers" in advice[0]
    assert not details.save_ca.isVisible()
    assert not details.trust.isVisible()
    show(leaf)
    assert details.chain.text() == "leaf\n  middle · CA\n    root · root CA"
    assert notes(details) == []
    assert details.save_ca.isVisible()


def test_a_bundle_is_no_chain(details: CertificateDetails) -> None:
    first, second = make_ca("first"), make_ca("second")
    now = datetime.now(UTC)
    entry = VaultEntry("bundle", first.chain, False, True, "2026-01-01T00:00:00Z", extra=second.chain)
    details.show_entry(listed(entry, now), now)
    assert details.chain.text() == "first · root CA\nsecond · root CA"
    details.chain.choose(1)
    assert details.chain_view.facts.text("Subject") == "CN=second\nO=Push Inspector"
    assert details.trust_words.text() == "lets in clients that first and 1 more have issued"
    assert details.trust.isChecked()


def test_expired_and_expiring_are_said_in_words(
    details: CertificateDetails, show: Show, lasting: Callable[[str, timedelta], Identity]
) -> None:
    show(lasting("old", -timedelta(days=35)))
    assert details.kind.text() == "Client identity · expired 35 days ago"
    assert details.chain.text().startswith("old · expired 35 days ago")
    assert notes(details)[0].startswith("old expired on ")
    show(lasting("soon", timedelta(days=5, hours=1)))
    assert details.kind.text() == "Client identity · 5 days left"
    assert notes(details)[0].startswith("soon expires in 5 days")


def test_a_self_signed_one_is_shared_itself(details: CertificateDetails, show: Show) -> None:
    own = issue(None, "own", purposes=("server",), names=("own.example.com",))
    show(own)
    assert details.save_ca.text() == "Save certificate for the other side…"
    assert any("self-signed" in note for note in notes(details))


@pytest.mark.parametrize("width", [360, 428, 700, 900])
def test_nothing_is_wider_than_the_pane(
    details: CertificateDetails, show: Show, qtbot: QtBot, width: int
) -> None:
    ca = make_ca("A Global Root Certification Authority With Quite A Long Name")
    names = [f"{'a' * 60}.{'b' * 60}.example.com", "short.example.com"]
    leaf = issue(ca, "x" * 64, purposes=("server",), names=names, not_after=datetime.now(UTC) + timedelta(3))
    show(Identity("n" * 64, leaf.chain, leaf.key))
    details.resize(width, 600)
    for scroll in (details.overview, details.chain_view):
        details.tabs.setCurrentWidget(scroll)
        body = scroll.widget()
        assert body is not None
        qtbot.waitUntil(partial(_fits, body, scroll))
        assert body.minimumSizeHint().width() <= scroll.viewport().width()
    assert details.minimumSizeHint().width() <= width


def test_tab_goes_from_top_to_bottom(details: CertificateDetails, show: Show, dev: DevIdentities) -> None:
    show(dev.ca)
    expected: list[QWidget] = [
        details.copy_pem,
        details.renew,
        details.replace,
        details.delete,
        details.tabs.tabBar(),
        details.save_ca,
        details.trust,
        details.facts.copy_button,
    ]
    stops: list[QWidget] = []
    widget: QWidget | None = details.copy_pem
    while widget is not None and len(stops) < len(expected):
        if widget in expected:
            stops.append(widget)
        widget = widget.nextInFocusChain()
    assert stops == expected
    assert all(stop.focusPolicy() & Qt.FocusPolicy.TabFocus for stop in stops)


def test_another_scheme_is_followed(
    details: CertificateDetails, show: Show, theme: Theme, lasting: Callable[[str, timedelta], Identity]
) -> None:
    show(lasting("old", -timedelta(days=35)))
    theme.choose(Scheme.DARK)
    try:
        assert theme.colors.red in details.facts._values["Valid until"].styleSheet()
    finally:
        theme.choose(Scheme.LIGHT)
    assert theme.colors.red in details.facts._values["Valid until"].styleSheet()
