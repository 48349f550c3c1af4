"""A failed sending in a few words. Pure."""

from __future__ import annotations

_HEADLINES = {
    "name_not_found": "No such host",
    "connect_failed": "Could not connect",
    "proxy_refused": "The HTTP proxy refused",
    "proxy_failed": "The HTTP proxy failed",
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


def failure_headline(reason: str) -> str:
    """A failure in a few words."""
    return _HEADLINES.get(reason, reason.replace("_", " ").capitalize())
