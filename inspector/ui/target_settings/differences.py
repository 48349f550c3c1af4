"""What of a target's settings is not as usual, in a few words. Pure; imports the words for sending."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from inspector.sender.request import FROM_ENVIRONMENT, SendRequest, TrustKind

USUAL = SendRequest("")
NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as usual: a few words, and a sentence for the tooltip."""

    words: str
    sentence: str


def settings_of(request: SendRequest) -> SendRequest:
    """A request without its address and identity: what the sheet is about."""
    return replace(request, url="", identity="")


def differences(request: SendRequest) -> tuple[Difference, ...]:
    """What is not as usual, in the sheet's order. Never a secret."""
    return (*_trust(request), *_tls(request), *_times(request), *_proxy(request), *_own(request))


def _trust(request: SendRequest) -> Iterator[Difference]:
    files = len(request.ca_files)
    match request.trust:
        case TrustKind.NOTHING:
            yield Difference(NOT_CHECKED, "Their certificate is not checked: anybody could be answering.")
        case TrustKind.PIN:
            yield Difference("pinned", "Only one certificate is taken, the pinned one.")
        case TrustKind.FILES:
            words = f"{files} CA file{'s' * (files != 1)}"
            yield Difference(words, f"Their certificate is checked against {words} only.")
        case TrustKind.SYSTEM:
            yield Difference(
                "system’s CAs only", "Their certificate is checked against the system’s CAs only."
            )
        case TrustKind.VAULT:
            yield Difference("vault’s CAs only", "Their certificate is checked against the vault’s CAs only.")


def _tls(request: SendRequest) -> Iterator[Difference]:
    if request.tls_min == request.tls_max:
        yield Difference(
            f"TLS {request.tls_min} only", f"TLS {request.tls_min} is spoken and no other version."
        )


def _times(request: SendRequest) -> Iterator[Difference]:
    if request.connect_timeout is not None:
        seconds = f"{request.connect_timeout:g} s"
        yield Difference(f"connect {seconds}", f"Each step to a connection may take {seconds}.")
    if request.timeout != USUAL.timeout:
        seconds = f"{request.timeout:g} s"
        yield Difference(
            f"answer {seconds}", f"Sending, and waiting for the answer, may take {seconds} each."
        )


def _proxy(request: SendRequest) -> Iterator[Difference]:
    proxy = request.proxy.strip()
    if proxy == FROM_ENVIRONMENT:
        yield Difference("environment’s proxy", "Through the proxy that the environment’s variables name.")
    elif proxy:
        place = urlsplit(proxy if "://" in proxy else f"http://{proxy}").netloc.rpartition("@")[2]
        user = f" as {request.proxy_user}" if request.proxy_user else ""
        yield Difference(f"via {place}", f"Through the HTTP proxy {place}{user}.")


def _own(request: SendRequest) -> Iterator[Difference]:
    if request.basic_user or request.basic_password:
        user = request.basic_user or "nobody"
        yield Difference(f"Basic as {user}", f"With user and password (Basic), as {user}.")
    if count := len(request.headers):
        words = f"{count} header{'s' * (count != 1)}"
        names = ", ".join(name for name, _value in request.headers)
        yield Difference(words, f"With {words} of its own: {names}.")
