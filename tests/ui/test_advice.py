"""Advice in the window speaks of the window; texts from outside are no HTML and of bearable length."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QTextDocument

from inspector.certificates.verdict_advice import REASONS, advice
from inspector.certificates.verdict_facts import Facts
from inspector.ui.advice import in_window
from inspector.ui.qt_text import menu_text, tip

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "here"),
    [
        (
            "Choose the client's identity with --identity NAME, or --cert FILE --key FILE.",
            "Choose the client's identity in the composer.",
        ),
        (
            "Sign with dev-ca, or make a CA: push-inspector certs create-ca NAME",
            "Sign with dev-ca, or make a CA with New…",
        ),
        (
            "Complete it with its certificate, or delete it: push-inspector certs delete brand",
            "Complete it with its certificate, or delete it on the certificates page",
        ),
        (
            "Put them together: push-inspector certs complete brand FILE",
            "Put them together with Complete… on the certificates page",
        ),
        (
            "Correct it, or begin with: push-inspector send --list-scripts --json",
            "Correct it, or begin with one of the scripts that come along",
        ),
        (
            "Look at the proxy's log. --timeout SECONDS waits longer.",
            "Look at the proxy's log. A longer time-out in the target's settings waits longer.",
        ),
        (
            "Switch TLS 1.3 on there, or allow another version here (--tls-min, --tls-max).",
            "Switch TLS 1.3 on there, or allow another version in the target's settings.",
        ),
        (
            "Give them with --proxy-user USER --proxy-password-env VARIABLE.",
            "Type them in the target's settings.",
        ),
        (
            "Leave it out and use the Basic options: --basic-user USER --basic-password-env VARIABLE.",
            "Leave it out and type it in the target's settings.",
        ),
        (
            "Import one with: push-inspector certs import CA.pem --name NAME",
            "Import one on the certificates page",
        ),
        (
            (
                "If it is the right server, trust its CA with --ca FILE, or import that with: push-inspector certs "
                "import FILE --name NAME. With --insecure nothing is checked."
            ),
            (
                "If it is the right server, import its CA on the certificates page, or pin its certificate in the "
                "target's settings."
            ),
        ),
        (
            "Check it with: push-inspector certs check NAME --client. The server's log says more.",
            "Check it on the certificates page. The server's log says more.",
        ),
        (
            (
                "If you trust CN=ca, import its certificate: push-inspector certs import CA.pem --name partner-ca "
                "--trust-clients. Or listen with --lenient to take such clients and flag them."
            ),
            (
                "If you trust CN=ca, import its certificate on the certificates page and trust it for clients. "
                "Or listen leniently to take such clients and flag them."
            ),
        ),
        (
            "To let it in, listen with --client-fingerprint ab12 or with --client-subject 'CN=a b,O=c'. Or stop.",
            "To let it in, pin it, or name its subject in the listener's settings. Or stop.",
        ),
        (
            "To let it in, listen with --client-fingerprint ab12.",
            "To let it in, pin it, or name its subject in the listener's settings.",
        ),
        (
            (
                "Listen with --proxy-protocol-from and the balancer's address, such as --proxy-protocol-from "
                "10.0.0.0/8, or turn the PROXY protocol off for this target."
            ),
            (
                "Name the balancer's address, such as 10.0.0.0/8, for the PROXY protocol in the listener's settings, "
                "or turn the PROXY protocol off for this target."
            ),
        ),
        (
            (
                "Give the pusher its certificate (curl: --cert a.pem --key b.pem). If another CA issued it: "
                "push-inspector certs import CA.pem --name partner-ca --trust-clients."
            ),
            (
                "Give the pusher its certificate (curl: --cert a.pem --key b.pem). If another CA issued it, import "
                "that on the certificates page and trust it for clients."
            ),
        ),
        (
            "Stop it (ss -tlnp names it), or take another port, such as --port 0 for any that is free.",
            "Stop it (ss -tlnp names it), or take another port, such as 0 for any that is free.",
        ),
        ("Allow writing to it, or name another home with --home DIR.",) * 2,
        ("Check the port, and that the proxy runs.",) * 2,
        ("", ""),
    ],
)
def test_advice_speaks_of_the_window(said: str, here: str) -> None:
    assert in_window(said) == here


@pytest.mark.parametrize("reason", REASONS)
def test_no_verdict_sends_people_to_the_command_line(reason: str) -> None:
    parts = [in_window(part) for part in advice(reason, Facts(now=NOW))]
    assert [bool(part) for part in parts] == [bool(part) for part in advice(reason, Facts(now=NOW))]
    words = " ".join(parts)
    assert "push-inspector" not in words
    assert not re.search(r"--[a-z]", re.sub(r"\(curl:[^)]*\)", "", words))


def test_a_tooltip_shows_what_came_as_it_is() -> None:
    assert tip("My Test") == "My Test"
    text = "<img src='file:///etc/passwd'> <b>bold</b>\n  two  spaces"
    shown = QTextDocument()
    shown.setHtml(tip(text))
    assert shown.toPlainText() == text


def test_a_tooltip_wraps_what_is_long_and_cuts_what_is_very_long() -> None:
    assert tip("word " * 40).startswith("<p")
    shown = QTextDocument()
    shown.setHtml(tip("w" * 5000))
    assert shown.toPlainText() == "w" * 1200 + "…"


def test_a_menu_entry_is_one_short_line() -> None:
    assert menu_text("Q&A\nnow") == "Q&&A now"
    assert len(menu_text("x" * 2000)) == 60
