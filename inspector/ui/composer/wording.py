"""The sender's words, fitted to the window: headlines for failures, fields and pages in the place of options. Pure."""

from __future__ import annotations

import re

_HEADLINES = {
    "name_not_found": "No such host",
    "connect_failed": "Could not connect",
    "tls_refused": "They turned us down",
    "tls_untrusted": "Their certificate is not trusted",
    "not_tls": "No TLS there",
    "tls_expected": "They speak TLS only",
    "tls_failed": "TLS failed",
    "timeout": "Timed out",
    "dropped": "Closed without an answer",
    "invalid_answer": "The answer is not HTTP",
    "cancelled": "Cancelled",
}

# What the command line has an option or a command for is a field or a page here.
_HERE = (
    (re.compile(r"with --identity NAME, or --cert FILE --key FILE"), "above"),
    (
        re.compile(
            r"trust its CA with --ca FILE, or import that with: "
            r"push-inspector certs import FILE --name NAME\. With --insecure nothing is checked"
        ),
        "import its CA on the certificates page. Without “Check their certificate”, whoever answers is believed",
    ),
    (
        re.compile(r"(Check (?:it|the identity)) with: push-inspector certs check NAME --client"),
        r"\1 on the certificates page",
    ),
    (
        re.compile(r", and: push-inspector certs check NAME --client"),
        ", and check the identity on the certificates page",
    ),
    (re.compile(r", or the one given with --ca FILE"), ""),
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_OPTION = re.compile(r"(?<!\S)--[a-z]")


def failure_headline(reason: str) -> str:
    """A failure in a few words."""
    return _HEADLINES.get(reason, reason.replace("_", " ").capitalize())


def in_window(text: str) -> str:
    """Advice without the command line's options; a sentence about one that has no match in the window goes."""
    for pattern, replacement in _HERE:
        text = pattern.sub(replacement, text)
    return " ".join(sentence for sentence in _SENTENCE_END.split(text) if not _OPTION.search(sentence))
