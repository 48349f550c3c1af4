"""What went wrong with an attempt, told to people. Imports httpcore (for its exceptions) and the sender's
records."""

from __future__ import annotations

import re
import ssl

import httpcore

from inspector.certificates.describe import issuer
from inspector.sender.cancel import Cancelled
from inspector.sender.model import SendFailure
from inspector.sender.refused import alert_of, refused, takes
from inspector.sender.trouble import Trouble
from inspector.sender.unreached import unreached, unreached_in_time
from inspector.sender.untrusted import untrusted

# Content types of TLS records (RFC 8446, 5.1) that a server may begin with: an alert or a handshake message.
_TLS_BEGINS = {0x15, 0x16}
_SHOWN_BYTES = 12
_QUOTED = re.compile(r"""bytearray\(b(['"])(.*)\1\)""")
_PROXY_LOG = "Look at the proxy's log."


def diagnose(trouble: Trouble) -> SendFailure:
    """The failure that the evidence tells of."""
    if isinstance(trouble.error, Cancelled):
        return _cancelled(trouble)
    if isinstance(trouble.error, httpcore.ProtocolError):
        return _protocol(trouble)
    if (alert := alert_of(trouble)) is not None:
        return refused(trouble, alert)
    if isinstance(trouble.system, ssl.SSLCertVerificationError):
        return untrusted(trouble, trouble.system)
    if trouble.phase == "tls":
        return _handshake(trouble)
    if isinstance(trouble.system, ssl.SSLError):
        return SendFailure(
            "tls_failed", f"TLS broke down: {_plain(trouble.system)}.", _PROXY_LOG, trouble.detail
        )
    if isinstance(trouble.system, TimeoutError):
        return _timeout(trouble)
    if trouble.phase in ("resolve", "connect"):
        return unreached(trouble)
    return _dropped(trouble)


def _cancelled(trouble: Trouble) -> SendFailure:
    so_far = {
        "resolve": "before there was a connection",
        "connect": "before there was a connection",
        "tls": "during the TLS handshake",
        "send": "while the push was sent",
        "wait": "while waiting for the answer: the proxy may have taken the push",
        "read": f"while reading the answer, which began with status {trouble.status}",
    }[trouble.phase]
    return SendFailure("cancelled", f"Cancelled {so_far}.", "")


def _handshake(trouble: Trouble) -> SendFailure:
    if trouble.first and trouble.first[0] not in _TLS_BEGINS:
        http = trouble.first.startswith(b"HTTP/")
        what = "plain HTTP" if http else f"something else (its first bytes are {_shown(trouble.first)})"
        next_step = (
            "Write http:// if that is meant, or the port that speaks TLS." if http else "Check the port."
        )
        return SendFailure(
            "not_tls", f"{trouble.where} does not speak TLS but {what}.", next_step, trouble.detail
        )
    if isinstance(trouble.system, TimeoutError):
        return _timeout(trouble)
    if isinstance(trouble.system, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionError):
        said = "without a word" if not trouble.first else "without an alert that says why"
        return SendFailure(
            "tls_failed",
            f"{trouble.where} closed the connection during the TLS handshake, {said}.",
            "Check that this port speaks TLS, and look at the log of the proxy or of what stands before it.",
            trouble.detail,
        )
    return SendFailure(
        "tls_failed", f"The TLS handshake failed: {_plain(trouble.system)}.", _PROXY_LOG, trouble.detail
    )


def _timeout(trouble: Trouble) -> SendFailure:
    within = f"within {trouble.timeout:g} s"
    message, next_step = {
        "resolve": unreached_in_time(trouble),
        "connect": unreached_in_time(trouble),
        "tls": (
            f"{trouble.where} took the connection but did not finish the TLS handshake {within}.",
            "Check that this port speaks TLS: a plain HTTP server may wait just so.",
        ),
        "send": (f"{trouble.where} did not take the whole push {within}.", _PROXY_LOG),
        "wait": (
            f"{trouble.where} took the push but did not answer {within}.",
            f"{_PROXY_LOG} --timeout SECONDS waits longer.",
        ),
        "read": (
            f"The answer of {trouble.where} began with status {trouble.status} but did not end {within}.",
            _PROXY_LOG,
        ),
    }[trouble.phase]
    return SendFailure("timeout", message, next_step, trouble.detail)


def _broken_rule(error: Exception | None) -> str:
    """Which rule of HTTP an answer broke, in h11's words where those are for people."""
    text = str(error)
    if "_SWITCH_" in text:
        return "It switches to another protocol, which nobody asked for"
    if text == "Receive buffer too long":
        return "Its head is too long"
    return _QUOTED.sub(r"“\2”", text)


def _protocol(trouble: Trouble) -> SendFailure:
    text = _broken_rule(trouble.error)
    if not trouble.secure and trouble.answered and trouble.first[0] in _TLS_BEGINS:
        return SendFailure(
            "tls_expected",
            f"{trouble.where} speaks TLS, not plain HTTP.",
            "Write https:// instead of http://.",
            text,
        )
    if not trouble.answered or "closed connection" in text or "disconnected" in text:
        return _dropped(trouble)
    return SendFailure(
        "invalid_answer",
        f"The answer of {trouble.where} is not valid HTTP: {text[:1].lower() + text[1:]}.",
        "Check that this is the port of the proxy.",
        text,
    )


def _dropped(trouble: Trouble) -> SendFailure:
    if trouble.status is not None:
        message = f"{trouble.where} began to answer with status {trouble.status} and closed the connection too early."
    elif trouble.answered:
        message = f"{trouble.where} closed the connection in the middle of the head of its answer."
    elif isinstance(trouble.system, ConnectionError):
        message = f"{trouble.where} broke the connection off without an answer."
    else:
        message = f"{trouble.where} closed the connection without an answer."
    next_step = _PROXY_LOG
    if trouble.status is None and not trouble.answered:
        if trouble.reused:
            next_step = (
                "The connection was kept alive from the push before; the proxy may have closed it as idle."
            )
        elif trouble.handshake.asked:
            next_step = (
                f"It asked for a client certificate and got {_given(trouble)}. It may refuse us so, without the alert "
                f"that TLS has for that. {_PROXY_LOG}"
            )
        elif not trouble.secure:
            next_step = f"If this port speaks TLS, write https:// instead of http://. {_PROXY_LOG}"
    return SendFailure("dropped", message, next_step, trouble.detail)


def _given(trouble: Trouble) -> str:
    if not trouble.handshake.presented or trouble.identity is None:
        return f"none{takes(trouble)}"
    return f"ours, which comes from {issuer(trouble.identity.leaf)}{takes(trouble)}"


def _plain(error: OSError | None) -> str:
    reason = getattr(error, "reason", None)
    return reason.replace("_", " ").lower() if isinstance(reason, str) else str(error)


def _shown(data: bytes) -> str:
    return repr(data[:_SHOWN_BYTES])[1:]
