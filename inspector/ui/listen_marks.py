"""What the listener does out of the ordinary, as chips for the status line. Imports the words for listening and which
addresses are whose."""

from __future__ import annotations

from urllib.parse import urlsplit

from inspector.listen_request import ForwardRequest, ListenRequest
from inspector.listener.bind import is_everywhere, is_public
from inspector.ui.status_chips import Chip

_LONGEST = 28
MARKS = ("key_log", "addresses", "auth", "lenient", "plain_http", "forward")
"""The keys of the chips that `marks` gives; each but the first is also a place in the settings."""


def marks(request: ListenRequest, *, listening: bool) -> dict[str, Chip | None]:
    """A chip for each of MARKS that is out of the ordinary, None for the others. `listening`: the request is at work,
    else it will be at the next start."""
    return {
        "key_log": _key_log(request, listening=listening),
        "addresses": _addresses(request.host),
        "auth": _auth(request),
        "lenient": Chip(
            "Lenient",
            "Lenient",
            "Everybody is let in. Clients that would be turned away for their certificate are flagged, "
            "with the reason.\nClick to change.",
            "warn",
        )
        if request.lenient and request.auth in ("mtls", "mtls+basic")
        else None,
        "plain_http": Chip(
            "Plain HTTP",
            "Plain HTTP",
            f"TLS ends before this listener: the client's certificate comes in the header "
            f"{request.certificate_header}, from this computer only.\nClick to change.",
        )
        if request.certificate_header
        else None,
        "forward": _forward(request.forward) if request.forward is not None else None,
    }


def _key_log(request: ListenRequest, *, listening: bool) -> Chip | None:
    if request.key_log is None:
        return None
    name = _short(request.key_log.name)
    return Chip(
        f"TLS keys are being written to {name}" if listening else f"TLS keys will be written to {name}",
        "TLS keys written" if listening else "TLS key log",
        f"{request.key_log}\nWhoever has this file can read recorded connections.\nClick to stop.",
        "warn",
        closes=True,
    )


def _addresses(host: str) -> Chip | None:
    reach = "Anybody in your network can reach this listener.\nClick to change."
    if is_everywhere(host):
        return Chip("On all addresses", "All addresses", reach, "warn")
    if is_public(host):
        return Chip(f"On {_short(host)}", f"On {_short(host)}", f"{host}\n{reach}", "warn")
    return None


def _auth(request: ListenRequest) -> Chip | None:
    if request.auth == "none":
        return Chip(
            "Anybody is let in",
            "Anybody",
            "Neither a certificate nor a password is asked for.\nClick to change.",
            "warn",
        )
    if request.auth == "basic":
        return Chip(
            "Password only",
            "Password",
            "Clients show user and password (HTTP Basic); no certificate is asked for.\nClick to change.",
        )
    return None


def _forward(forward: ForwardRequest) -> Chip:
    host = _short(urlsplit(forward.url).hostname or forward.url)
    answer = "the client gets its answer" if forward.returns_answer else "the client gets our own answer"
    unchecked = "\nIts certificate is not checked." if forward.insecure else ""
    return Chip(
        f"Forwarding to {host}, unchecked" if forward.insecure else f"Forwarding to {host}",
        "Forwarding",
        f"Every push is passed on to {forward.url}; {answer}.{unchecked}\nClick to change.",
        "warn" if forward.insecure else "plain",
    )


def _short(text: str) -> str:
    """The beginning and the end of a long text."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 11]}…{text[-10:]}"
